//! Temporary directories of backups and restores, which the next one removes if their process was killed.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use rustix::fs::{FlockOperation, flock};
use tempfile::TempDir;

/// Attempts to create a directory that another process does not take for an abandoned one.
const ATTEMPTS: u32 = 10;

/// What the names begin with.
const PREFIXES: [&str; 2] = [BACKUP, RESTORE];
pub(super) const BACKUP: &str = ".vestibule-backup";
pub(super) const RESTORE: &str = ".vestibule-restore";

/// A directory that is locked as long as its process lives. Removed when dropped.
#[derive(Debug)]
pub(super) struct DraftDirectory {
    // Removed before the lock ends.
    directory: TempDir,
    _lock: File,
}

impl DraftDirectory {
    /// Creates a directory in `place`, and removes those there that no process uses any more.
    pub(super) fn create(place: &Path, prefix: &str) -> io::Result<Self> {
        remove_abandoned(place);
        for _ in 0..ATTEMPTS {
            let directory = tempfile::Builder::new().prefix(prefix).tempdir_in(place)?;
            // Another process may have found the directory before it was locked, and be removing it.
            if let Some(lock) = lock(directory.path())
                && directory.path().exists()
            {
                return Ok(Self { directory, _lock: lock });
            }
        }
        Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            "its temporary directories are removed by another program",
        ))
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// Locks a directory; `None` if it is gone, or another process has locked it.
///
/// A lock of `flock` ends with its process, however that ends. A file system without such locks leaves the directories
/// of killed processes where they are.
fn lock(directory: &Path) -> Option<File> {
    let file = File::open(directory).ok()?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Err(rustix::io::Errno::WOULDBLOCK) => None,
        Ok(()) | Err(_) => Some(file),
    }
}

fn remove_abandoned(place: &Path) {
    let Ok(entries) = fs::read_dir(place) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_draft = PREFIXES.iter().any(|prefix| name.as_encoded_bytes().starts_with(prefix.as_bytes()));
        if !is_draft || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let Ok(directory) = File::open(entry.path()) else { continue };
        if flock(&directory, FlockOperation::NonBlockingLockExclusive).is_ok() {
            // Left for the next time if that fails.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_of_dead_processes_are_removed_and_others_kept() {
        let place = tempfile::tempdir().unwrap();
        let used = DraftDirectory::create(place.path(), RESTORE).unwrap();
        fs::write(used.path().join("restored.db"), "used").unwrap();
        let dead = place.path().join(".vestibule-backupXYZ");
        let file = place.path().join(".vestibule-backup.txt");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join("copy"), "left").unwrap();
        fs::write(&file, "no directory").unwrap();
        let next = DraftDirectory::create(place.path(), BACKUP).unwrap();
        assert!(!dead.exists() && file.exists() && next.path().exists());
        assert_eq!(fs::read_to_string(used.path().join("restored.db")).unwrap(), "used");
        let paths = [used.path().to_owned(), next.path().to_owned()];
        drop((used, next));
        assert!(paths.iter().all(|path| !path.exists()));
    }
}
