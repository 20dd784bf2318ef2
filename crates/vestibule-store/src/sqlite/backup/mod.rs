//! Backup and restore of the database file.

pub(crate) mod differences;
pub(crate) mod draft;
mod draft_directory;
pub(crate) mod replace;
pub(crate) mod write;

use std::{fs::File, io, path::Path};

use crate::backup::BackupError;

/// An error of the file system.
pub(super) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::Io { action, path, error }
}

/// An error of SQLite.
pub(super) fn engine_error(path: &Path) -> impl Fn(rusqlite::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::Engine { path: path.clone(), reason: error.to_string() }
}

/// Whether SQLite failed because of the disk that it wrote to, and not because of what it read.
pub(super) fn is_about_target(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DiskFull, PermissionDenied, ReadOnly};
    error.sqlite_error_code().is_some_and(|code| matches!(code, DiskFull | PermissionDenied | ReadOnly))
}

/// The directory of a file.
pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes new and removed names of a directory durable.
pub(super) fn sync_directory(directory: &Path) -> Result<(), BackupError> {
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(io_error("sync", directory))
}
