//! Writes a backup.

use std::{
    fs::{self, File},
    io::Read,
    ops::Range,
    path::Path,
};

use super::{
    directory_of,
    draft_directory::{BACKUP, DraftDirectory},
    engine_error, io_error, sync_directory,
};
use crate::{
    backup::{BackupError, BackupReport},
    database::Database,
    options::OpenError,
    sql::statements,
    sqlite::{
        connections::connect::{Role, connect, wal_of},
        migrations::{APPLICATION_ID, is_ours},
    },
};

/// The header of a database file: <https://www.sqlite.org/fileformat2.html#the_database_header>.
const HEADER_LEN: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
const APPLICATION_ID_AT: Range<usize> = 68..72;

statements! {
    const ALLOW_COPY: Sql = "PRAGMA query_only = OFF";

    const COPY: Sql = "VACUUM INTO ?1";

    const COUNTS: Sql = "SELECT (SELECT count(*) FROM keys AS copied), (SELECT count(*) FROM invites AS copied)";
}

/// Writes a backup of the database at `path`. SQLite copies one snapshot and blocks no writer meanwhile.
///
/// The copy has a temporary name in the directory of `file` until it is on disk.
pub(crate) fn backup(path: &Path, file: &Path, overwrite: bool) -> Result<BackupReport, BackupError> {
    if !overwrite && fs::symlink_metadata(file).is_ok() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    if is_same_file(path, file) {
        return Err(BackupError::Same(file.to_owned()));
    }
    if fs::symlink_metadata(file).is_ok() && !is_backup(file) {
        return Err(BackupError::NotABackup(file.to_owned()));
    }
    let failed = engine_error(path);
    let database = Database::file(path);
    let connection = connect(path, Role::Reader).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::NotOurs(database.clone()).into(),
        _ => failed(error),
    })?;
    if !is_ours(&connection) {
        return Err(OpenError::NotOurs(database).into());
    }
    connection.execute_batch(ALLOW_COPY.text()).map_err(&failed)?;
    let directory = directory_of(file);
    // Only its owner can open it, whatever the umask is.
    let draft = DraftDirectory::create(directory, BACKUP);
    let draft = draft.map_err(io_error("write to", directory))?;
    let copy = draft.path().join("copy");
    let name = copy.to_str().ok_or_else(|| BackupError::Engine {
        path: file.to_owned(),
        reason: "the name of its directory is not UTF-8".to_owned(),
    })?;
    connection.execute(COPY.text(), [name]).map_err(engine_error(file))?;
    let written = File::open(&copy).and_then(|copy| {
        use std::os::unix::fs::PermissionsExt;
        copy.set_permissions(fs::Permissions::from_mode(0o600))?;
        copy.sync_all()?;
        copy.metadata()
    });
    let bytes = written.map_err(io_error("write", file))?.len();
    let (keys, invites) = counts(&copy)?;
    if overwrite {
        fs::rename(&copy, file).map_err(io_error("write", file))?;
    } else {
        // Fails if the name was taken meanwhile.
        fs::hard_link(&copy, file).map_err(io_error("write", file))?;
    }
    sync_directory(directory)?;
    Ok(BackupReport { bytes, keys, invites })
}

/// Whether the file is a database of this program, and no installation: those have a WAL beside them.
///
/// Reads the header, because SQLite creates files beside a database that it opens.
fn is_backup(file: &Path) -> bool {
    let mut header = [0; HEADER_LEN];
    let is_read = File::open(file).and_then(|mut file| file.read_exact(&mut header)).is_ok();
    let application_id = header[APPLICATION_ID_AT].iter().fold(0, |id, byte| id << 8 | i64::from(*byte));
    is_read && header.starts_with(MAGIC) && application_id == APPLICATION_ID && !wal_of(file).exists()
}

/// Counts the rows of the copy, which shows that it can be read.
fn counts(copy: &Path) -> Result<(u64, u64), BackupError> {
    let failed = engine_error(copy);
    let copy = connect(copy, Role::Reader).map_err(&failed)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let (keys, invites) = copy.query_row(COUNTS.text(), [], read).map_err(failed)?;
    Ok((u64::try_from(keys).unwrap_or(0), u64::try_from(invites).unwrap_or(0)))
}

/// Whether two paths are one file.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}
