//! Whether the data is the service's alone.
//!
//! Whoever may write to the data folder can put a file or a link in the place of the database, its journal or the
//! seal key; whoever may read these reads hashes and notes, or opens every sealed token.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use vestibule_store::Database;

use crate::config::Settings;

/// Rights of the group and of others to write.
const WRITABLE: u32 = 0o022;

/// All rights of the group and of others.
const OPEN: u32 = 0o077;

/// What stands beside a database of SQLite, by the ends of its names; the database itself is the first.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// Why the data is not safe there. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataFolderError {
    /// Others may write to the folder.
    #[error(
        "others can write to the data folder {path} and put files of their own there; run: chmod go-w {path}",
        path = .0.display()
    )]
    Writable(PathBuf),
    /// Others may read or write a file.
    #[error("others can read or change {path}; run: chmod 600 {path}", path = .0.display())]
    Open(PathBuf),
    /// A link where there must be a file.
    #[error(
        "{path} is a symbolic link, and could lead to a file of somebody else; remove it, or name the file that you \
         mean with --database or --seal-key-file", path = .0.display()
    )]
    Link(PathBuf),
    /// It cannot be looked at.
    #[error("cannot look at {path}: {error}", path = path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Refuses a data folder that others may write to, a database that others may read, and links in the place of what
/// belongs there. A folder that others may only read is warned of: what is in it is closed all the same.
pub(crate) fn check(settings: &Settings, database: &Database) -> Result<(), DataFolderError> {
    let folder = &settings.data_dir;
    let failed = |error| DataFolderError::Io { path: folder.clone(), error };
    let mode = match fs::metadata(folder) {
        Ok(found) => found.mode(),
        // Database and seal key are elsewhere, and nothing is made here.
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(failed(error)),
    };
    if mode & WRITABLE != 0 {
        return Err(DataFolderError::Writable(folder.clone()));
    }
    if mode & OPEN != 0 {
        tracing::warn!(
            "others can look into the data folder {folder}; run: chmod 700 {folder}",
            folder = folder.display()
        );
    }
    if let Some(database) = database.file_path() {
        for part in PARTS {
            let mut name = OsString::from(database);
            name.push(part);
            file(folder, Path::new(&name), OPEN)?;
        }
    }
    // Its rights are looked at when it is read.
    file(folder, &settings.seal_key_file, 0)
}

/// Looks at one file, which may be missing.
fn file(folder: &Path, path: &Path, forbidden: u32) -> Result<(), DataFolderError> {
    let failed = |error| DataFolderError::Io { path: path.to_owned(), error };
    let is_link = match fs::symlink_metadata(path) {
        Ok(found) => found.is_symlink(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    // Elsewhere the operator has named it, and may have meant a link: secrets are handed to containers so.
    if is_link && path.parent() == Some(folder) {
        return Err(DataFolderError::Link(path.to_owned()));
    }
    match fs::metadata(path) {
        Ok(found) if found.mode() & forbidden != 0 => Err(DataFolderError::Open(path.to_owned())),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(error)),
    }
}
