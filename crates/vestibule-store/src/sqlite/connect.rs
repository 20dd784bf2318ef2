//! Opening a connection.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

/// How long a connection waits for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The one that writes.
    Writer,
    /// One that reads beside it.
    Reader,
}

/// Opens the file in the way that its role needs.
pub(super) fn connect(path: &Path, role: Role) -> rusqlite::Result<Connection> {
    let access = match role {
        Role::Writer => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Role::Reader => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    // Each connection stays in its own thread, so SQLite need not lock it.
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    match role {
        Role::Writer => {
            connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "cache_size", -8192)?;
            connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
        }
        Role::Reader => {
            connection.pragma_update(None, "query_only", "ON")?;
            connection.pragma_update(None, "cache_size", -4096)?;
        }
    }
    Ok(connection)
}
