//! Checks that only the service can access its data.
//!
//! A user who can write to the data folder can replace the database, its WAL or the seal key by a file or a link; a
//! user who can read them sees hashes and notes, or can open every sealed token.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use vestibule_store::Database;

use crate::config::Settings;

/// Write permissions of group and others.
const WRITABLE: u32 = 0o022;

/// All permissions of group and others.
const OPEN: u32 = 0o077;

/// Suffixes of the files of a SQLite database.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// The data is not protected from other users. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataFolderError {
    /// Others may write to the folder.
    #[error(
        "other users can write to the data folder {path} and replace its files; run: chmod go-w {path}",
        path = .0.display()
    )]
    Writable(PathBuf),
    /// Others may read or write a file.
    #[error("other users can read or change {path}; run: chmod 600 {path}", path = .0.display())]
    Open(PathBuf),
    /// A link where there must be a file.
    #[error(
        "{path} is a symbolic link and could point to another user's file; remove it, or name the target with \
         --database or --seal-key-file", path = .0.display()
    )]
    Link(PathBuf),
    /// The file cannot be inspected.
    #[error("cannot inspect {path}: {error}", path = path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Rejects a data folder that other users can write to, a database that they can read, and symbolic links in place of
/// its files. Logs a warning if they can only list the folder, since its files are protected by themselves.
pub(crate) fn check(settings: &Settings, database: &Database) -> Result<(), DataFolderError> {
    let folder = &settings.data_dir;
    let failed = |error| DataFolderError::Io { path: folder.clone(), error };
    let mode = match fs::metadata(folder) {
        Ok(found) => found.mode(),
        // Database and seal key are elsewhere; nothing is created here.
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(failed(error)),
    };
    if mode & WRITABLE != 0 {
        return Err(DataFolderError::Writable(folder.clone()));
    }
    if mode & OPEN != 0 {
        tracing::warn!(
            "other users can list the data folder {folder}; run: chmod 700 {folder}",
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
    // Its permissions are checked when it is read.
    file(folder, &settings.seal_key_file, 0)
}

/// Checks one file, which may be missing.
fn file(folder: &Path, path: &Path, forbidden: u32) -> Result<(), DataFolderError> {
    let failed = |error| DataFolderError::Io { path: path.to_owned(), error };
    let is_link = match fs::symlink_metadata(path) {
        Ok(found) => found.is_symlink(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    // Outside the folder, the operator named the path; links are allowed there, since containers mount secrets as
    // links.
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
