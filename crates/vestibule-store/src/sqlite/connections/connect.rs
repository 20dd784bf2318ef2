//! Opens connections.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig, ffi};

/// Maximum time that a connection waits for another process that is writing.
pub(in crate::sqlite) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The role of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sqlite) enum Role {
    /// The writer.
    Writer,
    /// A reader.
    Reader,
}

/// Opens the file for a role, and checks that it is usable.
pub(in crate::sqlite) fn connect(path: &Path, role: Role) -> rusqlite::Result<Connection> {
    let access = match role {
        Role::Writer => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Role::Reader => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    // Each connection is used by one thread.
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare(&connection)?;
    match role {
        Role::Writer => {
            // SQLite falls back to read-only access, which is useless for the writer.
            if connection.is_readonly("main")? {
                let code = ffi::Error::new(ffi::SQLITE_READONLY);
                return Err(rusqlite::Error::SqliteFailure(code, None));
            }
            use_wal(&connection)?;
            // A commit returns when it is on disk.
            connection.pragma_update(None, "synchronous", "FULL")?;
            // The checkpointer does this.
            connection.pragma_update(None, "wal_autocheckpoint", 0)?;
            connection.pragma_update(None, "cache_size", -8192)?;
            connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
        }
        Role::Reader => {
            connection.pragma_update(None, "query_only", "ON")?;
            connection.pragma_update(None, "cache_size", -4096)?;
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        }
    }
    Ok(connection)
}

/// Switches the file to WAL mode. SQLite does not wait for another process that does the same.
fn use_wal(connection: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        let outcome = connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
        let busy = outcome
            .as_ref()
            .is_err_and(|error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy));
        if !busy || begun.elapsed() >= BUSY_TIMEOUT {
            return outcome;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "the thread has nothing else to do while it opens the file"
        )]
        std::thread::sleep(BUSY_TIMEOUT / 500);
    }
}

/// Opens a file in a directory that cannot be written. This ignores the WAL, so a WAL with content is an error.
pub(in crate::sqlite) fn connect_immutable(path: &Path) -> rusqlite::Result<Connection> {
    if std::fs::metadata(wal_of(path)).is_ok_and(|wal| wal.len() > 0) {
        let code = ffi::Error::new(ffi::SQLITE_CANTOPEN);
        let text =
            "its -wal file contains changes, which can be read only if its directory is writable".to_owned();
        return Err(rusqlite::Error::SqliteFailure(code, Some(text)));
    }
    let address: String = path
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|byte| match byte {
            b'/' | b'.' | b'-' | b'_' => char::from(*byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{address}?immutable=1"), flags)?;
    prepare(&connection)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// The write-ahead log of a database.
pub(in crate::sqlite) fn wal_of(path: &Path) -> PathBuf {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    wal.into()
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(64);
    // Plans must not depend on bound values, or SQLite would prepare most statements again at each run.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "foreign_keys", "ON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_not_read_without_the_content_of_its_wal() {
        let dir = tempfile::tempdir().unwrap();
        let (live, copy) = (dir.path().join("live.db"), dir.path().join("copy.db"));
        let writer = connect(&live, Role::Writer).unwrap();
        writer.execute_batch("CREATE TABLE kept (n); PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        std::fs::copy(&live, &copy).unwrap();
        connect_immutable(&copy).unwrap();
        writer.execute_batch("INSERT INTO kept VALUES (1)").unwrap();
        std::fs::copy(wal_of(&live), wal_of(&copy)).unwrap();
        let recent_refusals = connect_immutable(&copy).unwrap_err().to_string();
        assert!(recent_refusals.contains("-wal"), "{recent_refusals}");
    }
}
