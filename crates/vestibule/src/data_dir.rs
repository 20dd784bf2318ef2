//! Checks that other users cannot access the data.
//!
//! A user who can write to the data directory can replace the database, its WAL or the seal key by a file or a link; a
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

/// The data is not protected from other users. The message says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataDirError {
    /// Other users can write to the directory.
    #[error(
        "other users can write to the data directory {path} and replace its files; run: chmod go-w {path}",
        path = .0.display()
    )]
    Writable(PathBuf),
    /// Other users can read or write a file.
    #[error("other users can read or change {path}; run: chmod 600 {path}", path = .0.display())]
    Open(PathBuf),
    /// A symbolic link in place of a file.
    #[error(
        "{path} is a symbolic link and could point to another user's file; remove it, or name the target with \
         --database or --seal-key-file", path = .0.display()
    )]
    Link(PathBuf),
    /// The data directory is a file, or below one.
    #[error("{path} is not a directory; choose another data directory with --data-dir", path = .0.display())]
    NoDirectory(PathBuf),
    /// The data directory cannot be created.
    #[error(
        "cannot create the data directory {path}: {error}{}; or choose another one with --data-dir", advice(error),
        path = path.display()
    )]
    Create {
        /// Path of the directory.
        path: PathBuf,
        /// Reason.
        error: io::Error,
    },
    /// The file cannot be inspected.
    #[error("cannot inspect {path}: {error}{}", advice(error), path = path.display())]
    Io {
        /// Path of the file.
        path: PathBuf,
        /// Reason.
        error: io::Error,
    },
}

impl DataDirError {
    /// Whether the error persists until it is fixed. Disk errors may be temporary.
    pub(crate) fn needs_operator(&self) -> bool {
        match self {
            Self::Create { error, .. } | Self::Io { error, .. } => {
                error.kind() == io::ErrorKind::PermissionDenied
            }
            _ => true,
        }
    }
}

/// What to do about an error.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "; run the command as the user of the service",
        _ => "",
    }
}

/// Rejects a data directory that is no directory, or that `serve` cannot create. Creates nothing that stays.
pub(crate) fn check_place(settings: &Settings) -> Result<(), DataDirError> {
    let directory = std::path::absolute(&settings.data_dir)
        .map_err(|error| DataDirError::Io { path: settings.data_dir.clone(), error })?;
    let exists = |path: &&Path| path.exists();
    let Some(nearest) = directory.ancestors().find(exists) else { return Ok(()) };
    if !nearest.is_dir() {
        return Err(DataDirError::NoDirectory(nearest.to_owned()));
    }
    if nearest == directory {
        return Ok(());
    }
    let probe = tempfile::Builder::new().prefix(".vestibule-check").tempdir_in(nearest);
    probe.map(drop).map_err(|error| DataDirError::Create { path: directory.clone(), error })
}

/// Rejects a data directory that other users can write to, a database that they can read, and symbolic links in place
/// of its files. If they can only list the directory, logs a warning, because the files are protected.
pub(crate) fn check(settings: &Settings, database: &Database) -> Result<(), DataDirError> {
    let directory = &settings.data_dir;
    let failed = |error| DataDirError::Io { path: directory.clone(), error };
    let mode = match fs::metadata(directory) {
        Ok(found) => found.mode(),
        // Database and seal key are elsewhere; nothing is created here.
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(failed(error)),
    };
    if mode & WRITABLE != 0 {
        return Err(DataDirError::Writable(directory.clone()));
    }
    if mode & OPEN != 0 {
        tracing::warn!(
            "other users can list the data directory {directory}; run: chmod 700 {directory}",
            directory = directory.display()
        );
    }
    if let Some(database) = database.file_path() {
        for part in PARTS {
            let mut name = OsString::from(database);
            name.push(part);
            file(directory, Path::new(&name), OPEN)?;
        }
    }
    // The permissions of the seal key are checked when it is read.
    file(directory, &settings.seal_key_file, 0)
}

/// Checks one file, which may be missing.
fn file(directory: &Path, path: &Path, forbidden: u32) -> Result<(), DataDirError> {
    let failed = |error| DataDirError::Io { path: path.to_owned(), error };
    let is_link = match fs::symlink_metadata(path) {
        Ok(found) => found.is_symlink(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    // Outside the directory, the operator has chosen the path. Links are allowed there, because containers mount
    // secrets as links.
    if is_link && path.parent() == Some(directory) {
        return Err(DataDirError::Link(path.to_owned()));
    }
    match fs::metadata(path) {
        Ok(found) if found.mode() & forbidden != 0 => Err(DataDirError::Open(path.to_owned())),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(error)),
    }
}
