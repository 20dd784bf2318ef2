//! A checked copy of a backup.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension};
use vestibule_core::Setting;

use super::{
    directory_of,
    draft_directory::{DraftDirectory, RESTORE},
    engine_error, io_error, is_about_target,
    write::is_same_file,
};
use crate::{
    backup::BackupError,
    database::Database,
    sql::statements,
    sqlite::{
        connections::connect::{Role, connect, wal_of},
        migrations,
    },
};

statements! {
    const CHECK: Sql = "PRAGMA integrity_check(1)";

    // Copies the WAL into the file and removes it.
    const SINGLE_FILE: Sql = "PRAGMA journal_mode = DELETE";

    const SETTING: Sql = "SELECT value FROM settings WHERE name = ?1";
}

/// The name of the copy in its directory.
const NAME: &str = "restored.db";

/// A copy in a directory of its own, on the file system of the database. Removed when dropped.
#[derive(Debug)]
pub(crate) struct Draft {
    directory: DraftDirectory,
    /// The database that it will replace.
    pub(super) target: PathBuf,
}

impl Draft {
    /// Copies `file`, with a `-wal` file beside it, and checks and migrates the copy.
    pub(crate) fn copy(target: &Path, file: &Path) -> Result<Self, BackupError> {
        if is_same_file(target, file) {
            return Err(BackupError::Same(file.to_owned()));
        }
        let place = directory_of(target);
        let directory = DraftDirectory::create(place, RESTORE);
        let directory = directory.map_err(io_error("write to", place))?;
        let draft = Self { directory, target: target.to_owned() };
        let path = draft.path();
        if !fs::metadata(file).map_err(io_error("read", file))?.is_file() {
            return Err(BackupError::Foreign(file.to_owned()));
        }
        let copy = |from: &Path, to: &Path| {
            let mut source = fs::File::open(from).map_err(io_error("read", from))?;
            let mut copy = fs::File::create(to).map_err(io_error("write", to))?;
            // The source was opened, so what fails now is nearly always the disk of the copy.
            io::copy(&mut source, &mut copy).map_err(io_error("write a copy to", place))?;
            fs::set_permissions(to, fs::Permissions::from_mode(0o600)).map_err(io_error("write", to))
        };
        copy(file, &path)?;
        if wal_of(file).exists() {
            copy(&wal_of(file), &wal_of(&path))?;
        }
        draft.check(file)?;
        Ok(draft)
    }

    /// The path of the copy.
    pub(super) fn path(&self) -> PathBuf {
        self.directory.path().join(NAME)
    }

    /// The check value of the seal key.
    pub(crate) fn seal_check(&self) -> Result<Option<String>, BackupError> {
        let failed = engine_error(&self.target);
        let connection = connect(&self.path(), Role::Reader).map_err(&failed)?;
        let value = connection.query_row(SETTING.text(), [Setting::SealCheck.as_str()], |row| row.get(0));
        value.optional().map_err(failed)
    }

    /// Checks that the copy is an intact database of this program, and migrates it. Errors name the original.
    fn check(&self, file: &Path) -> Result<(), BackupError> {
        let database = Database::file(file);
        let path = self.path();
        let failed = |error: rusqlite::Error| {
            if is_about_target(&error) { engine_error(&path)(error) } else { damage(file, &error) }
        };
        let mut connection = Connection::open(self.path()).map_err(failed)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(failed)?;
        if !migrations::is_ours(&connection) {
            return Err(BackupError::Foreign(file.to_owned()));
        }
        let problem: String = connection.query_row(CHECK.text(), [], |row| row.get(0)).map_err(failed)?;
        if problem != "ok" {
            return Err(BackupError::Damaged { path: file.to_owned(), reason: problem });
        }
        migrations::migrate(&mut connection, &database)?;
        connection.query_row(SINGLE_FILE.text(), [], |_| Ok(())).map_err(failed)?;
        connection.close().map_err(|(_, error)| failed(error))?;
        fs::File::open(&path).and_then(|copy| copy.sync_all()).map_err(io_error("write", &path))
    }
}

/// The error of a backup that SQLite cannot read.
fn damage(file: &Path, error: &rusqlite::Error) -> BackupError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => BackupError::Foreign(file.to_owned()),
        _ => BackupError::Damaged { path: file.to_owned(), reason: error.to_string() },
    }
}
