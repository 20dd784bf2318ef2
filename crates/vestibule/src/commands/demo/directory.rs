//! The demo's temporary directory.

use std::{
    env, fs,
    fs::File,
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{FlockOperation, flock},
    process::geteuid,
};
use tempfile::TempDir;

const PREFIX: &str = "vestibule-demo-";

/// A temporary directory, locked while the demo runs. The system releases the lock of a demo that is killed, so the
/// next demo can tell what it left and remove it.
pub(super) struct Directory {
    directory: TempDir,
    _lock: File,
}

impl Directory {
    pub(super) fn create() -> io::Result<Self> {
        let directory = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        let lock = File::open(directory.path())?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { directory, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Deletes the directory and returns where it was.
    pub(super) fn delete(self) -> io::Result<PathBuf> {
        let path = self.path().to_owned();
        self.directory.close()?;
        Ok(path)
    }
}

/// Deletes the directories that killed demos of this user left, and returns where they were.
pub(super) fn delete_abandoned() -> io::Result<Vec<PathBuf>> {
    let mut deleted = Vec::new();
    for entry in fs::read_dir(env::temp_dir())? {
        let path = entry?.path();
        let ours = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        if ours && is_abandoned(&path).unwrap_or(false) && fs::remove_dir_all(&path).is_ok() {
            deleted.push(path);
        }
    }
    Ok(deleted)
}

/// Whether a directory, and not a link to one, belongs to this user and to no running demo.
fn is_abandoned(path: &Path) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_dir() || metadata.uid() != geteuid().as_raw() {
        return Ok(false);
    }
    Ok(flock(File::open(path)?, FlockOperation::NonBlockingLockExclusive).is_ok())
}
