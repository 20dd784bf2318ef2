//! Replaces the database by a restored one.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, fcntl_lock};
use vestibule_core::Timestamp;

use super::{differences, directory_of, draft::Draft, io_error, sync_directory};
use crate::{
    backup::{BackupError, RestoreReport},
    sqlite::connections::connect::{Role, connect, wal_of},
};

/// Replaces the database at the target of the draft.
///
/// The previous database, with its WAL, first gets a second name, so that an interruption at any point loses nothing.
/// Its WAL is removed before the new database takes the name: a WAL of another database would undo the restore or
/// damage it.
pub(crate) fn replace(draft: &Draft, now: Timestamp) -> Result<RestoreReport, BackupError> {
    let (path, target) = (draft.path(), draft.target.clone());
    let directory = directory_of(&target);
    fold_wal(&target);
    let lock = lock(&target)?;
    give_to_owner(&path, if lock.is_some() { target.as_path() } else { directory })?;
    let previous = lock.is_some().then(|| previous_name(&target, now));
    if let Some(previous) = &previous {
        keep(&target, previous)?;
        keep(&wal_of(&target), &wal_of(previous))?;
        sync_directory(directory)?;
    }
    for stale in [wal_of(&target), with_suffix(&target, "-shm")] {
        match fs::remove_file(&stale) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(io_error("remove", &stale)(error));
            }
            _ => {}
        }
    }
    sync_directory(directory)?;
    fs::rename(&path, &target).map_err(io_error("replace", &target))?;
    sync_directory(directory)?;
    // Closing the file releases the lock. SQLite must not open the previous database before, because a process loses
    // its locks on a file when it closes any handle of it.
    drop(lock);
    let differences = previous.as_deref().map(|previous| differences::find(&target, previous, now));
    Ok(RestoreReport { previous, differences })
}

/// Moves the changes in the WAL into the database, so that an interruption between the removal of the WAL and the rename
/// leaves the previous database complete. A database that cannot be opened keeps its WAL under the second name.
fn fold_wal(target: &Path) {
    if target.exists()
        && let Ok(connection) = connect(target, Role::Writer)
    {
        // The last connection of a database writes the WAL into it and removes it when it closes.
        let _ = connection.close();
    }
}

/// Locks the database against all other processes; `None` if there is none.
///
/// Every connection of SQLite in WAL mode holds a shared lock on a part of the file as long as it is open. A lock on the
/// whole file therefore succeeds only if no process has it open. It works for a damaged database too.
fn lock(target: &Path) -> Result<Option<File>, BackupError> {
    let file = match File::options().read(true).write(true).open(target) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error("open", target)(error)),
    };
    match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => {
            Err(BackupError::InUse(target.to_owned()))
        }
        Err(error) => Err(io_error("lock", target)(error.into())),
    }
}

/// Gives the file to the user of the service: root can restore for it.
fn give_to_owner(path: &Path, like: &Path) -> Result<(), BackupError> {
    let owner = |path: &Path| fs::metadata(path).map_err(io_error("inspect", path));
    let (own, wanted) = (owner(path)?, owner(like)?);
    if (own.uid(), own.gid()) == (wanted.uid(), wanted.gid()) {
        return Ok(());
    }
    chown(path, Some(wanted.uid()), Some(wanted.gid())).map_err(io_error("change the owner of", path))
}

/// Gives a file a second name. Does nothing if it does not exist.
fn keep(path: &Path, kept: &Path) -> Result<(), BackupError> {
    match fs::hard_link(path, kept) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(io_error("write", kept)(error)),
        // Some file systems have no hard links.
        Err(_) => fs::copy(path, kept)
            .and_then(|_| File::open(kept)?.sync_all())
            .map_err(io_error("copy the previous database to", kept)),
        Ok(()) => Ok(()),
    }
}

/// `vestibule.db.replaced-20261128T133000Z`, with a number at its end if there was another restore in this second.
fn previous_name(target: &Path, now: Timestamp) -> PathBuf {
    let time: String = now.to_string().chars().filter(|letter| !"-:".contains(*letter)).collect();
    let mut name = with_suffix(target, &format!(".replaced-{time}"));
    let mut number = 1;
    while fs::symlink_metadata(&name).is_ok() {
        number += 1;
        name = with_suffix(target, &format!(".replaced-{time}-{number}"));
    }
    name
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_restores_in_one_second_keep_both_databases() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("vestibule.db");
        let name =
            |number: &str| directory.path().join(format!("vestibule.db.replaced-20270115T080000Z{number}"));
        for number in ["", "-2", "-3"] {
            let previous = previous_name(&target, Timestamp::from_millis(1_800_000_000_000));
            assert_eq!(previous, name(number));
            fs::write(previous, "previous").unwrap();
        }
    }

    #[test]
    fn changes_in_the_wal_are_in_the_database_before_the_wal_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let (live, killed) = (directory.path().join("live.db"), directory.path().join("killed.db"));
        let writer = connect(&live, Role::Writer).unwrap();
        writer.execute_batch("CREATE TABLE kept (n); INSERT INTO kept VALUES (1)").unwrap();
        // What a killed process leaves.
        fs::copy(&live, &killed).unwrap();
        fs::copy(wal_of(&live), wal_of(&killed)).unwrap();
        assert!(fs::metadata(wal_of(&killed)).unwrap().len() > 0);
        fold_wal(&killed);
        assert!(!wal_of(&killed).exists());
        let count = |path: &Path| -> i64 {
            let connection = connect(path, Role::Reader).unwrap();
            connection.query_row("SELECT count(*) FROM kept", [], |row| row.get(0)).unwrap()
        };
        assert_eq!(count(&killed), 1);
        fold_wal(&directory.path().join("missing.db"));
        assert!(!directory.path().join("missing.db").exists());
    }
}
