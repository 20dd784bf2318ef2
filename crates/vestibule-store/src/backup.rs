//! Backup and restore of a database file.
//!
//! A backup is one consistent file, written while the service runs. It contains the check value of the seal key, not the
//! key: a stolen backup reveals no link, and a restore with another seal key is refused.

use std::{
    io,
    path::{Path, PathBuf},
};

use vestibule_core::Timestamp;

use crate::{
    database::{Backend, Database},
    options::OpenError,
    sqlite::backup as sqlite,
};

/// The error of a backup or restore. Nothing was changed, unless the message says so.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database is on a server, which has its own tools.
    #[error(
        "{0} is on a PostgreSQL server; back it up with: pg_dump --format custom --file FILE DATABASE, restore it with: \
         pg_restore --clean --if-exists --no-owner --exit-on-error --dbname DATABASE FILE while no service runs, and \
         keep the seal key file in another place"
    )]
    Postgres(Database),
    /// A file or directory cannot be used.
    #[error("cannot {action} {path}: {error}", path = path.display())]
    Io {
        /// What failed, such as `write`.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// The target of a backup exists.
    #[error("{path} exists; choose another name, or replace it with --overwrite", path = .0.display())]
    Exists(PathBuf),
    /// The file that would be overwritten is something else.
    #[error("{path} is not a backup of Vestibule, so it is not overwritten; choose another name", path = .0.display())]
    NotABackup(PathBuf),
    /// The file to restore is something else.
    #[error("{path} is not a backup of Vestibule; name a file that `vestibule backup` has written", path = .0.display())]
    Foreign(PathBuf),
    /// The file is the database itself.
    #[error("{path} is the database itself", path = .0.display())]
    Same(PathBuf),
    /// The file is not a backup of this program, or of a newer version of it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file is a damaged database.
    #[error("{path} is damaged, use another backup: {reason}", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first problem that was found.
        reason: String,
    },
    /// Another program has the database open.
    #[error("{path} is in use by a running service or another program; stop it first; nothing was changed", path = .0.display())]
    InUse(PathBuf),
    /// SQLite failed.
    #[error("{path}: {reason}", path = path.display())]
    Engine {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
}

/// A written backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// Its size.
    pub bytes: u64,
    /// Number of keys.
    pub keys: u64,
    /// Number of invites, of every state.
    pub invites: u64,
}

/// The result of a restore.
#[derive(Debug)]
pub struct RestoreReport {
    /// The file that the previous database was moved to, if there was one.
    pub previous: Option<PathBuf>,
    /// The differences from the previous database; `Err` with the reason if it cannot be read.
    pub differences: Option<Result<Differences, String>>,
}

/// How a restored database differs from the previous one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Valid keys that the previous database did not have.
    pub keys: Vec<KeyAgain>,
    /// Pending invites that were not pending, or had fewer uses left.
    pub invites: Vec<InviteAgain>,
    /// Number of keys that only the previous database has.
    pub keys_gone: u64,
    /// Number of invites that only the previous database has.
    pub invites_gone: u64,
}

/// A key that is valid again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAgain {
    /// Its host.
    pub host: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
}

/// An invite that can be redeemed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteAgain {
    /// Its host.
    pub host: String,
    /// Its id.
    pub id: String,
    /// Its note.
    pub note: Option<String>,
    /// Its state in the previous database: `revoked`, `used`, `expired`, `partly-used` or `absent`.
    pub was: String,
}

/// Writes a backup of the database to a new file, readable by its owner only. A running service is not disturbed.
pub fn backup(database: &Database, file: &Path, overwrite: bool) -> Result<BackupReport, BackupError> {
    sqlite::write::backup(path_of(database)?, file, overwrite)
}

/// A checked copy of a backup, beside the database that it will replace.
#[derive(Debug)]
pub struct Restore {
    draft: sqlite::draft::Draft,
}

impl Restore {
    /// Copies the backup, checks it, and migrates the copy to the current schema. The database is not changed.
    pub fn prepare(database: &Database, file: &Path) -> Result<Self, BackupError> {
        Ok(Self { draft: sqlite::draft::Draft::copy(path_of(database)?, file)? })
    }

    /// The check value of the seal key; `None` if the database has never been used.
    pub fn seal_check(&self) -> Result<Option<String>, BackupError> {
        self.draft.seal_check()
    }

    /// Replaces the database, which no other process may have open, and keeps the previous one under another name.
    pub fn replace(self, now: Timestamp) -> Result<RestoreReport, BackupError> {
        sqlite::replace::replace(&self.draft, now)
    }
}

fn path_of(database: &Database) -> Result<&Path, BackupError> {
    match &database.0 {
        Backend::Sqlite(path) => Ok(path),
        Backend::Postgres(_) => Err(BackupError::Postgres(database.clone())),
    }
}
