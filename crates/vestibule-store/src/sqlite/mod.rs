//! The embedded engine: one SQLite file in WAL mode.
//!
//! One thread writes. Two threads read: one for point lookups and one for lists, so that a long list does not delay a
//! lookup. Several processes can open the file; SQLite's locks serialize them.

mod authorization;
pub(crate) mod backup;
mod batch;
mod connections;
mod error;
mod migrations;
#[cfg(test)]
mod sql_tests;
mod statements;
mod store;
pub(crate) mod table_io;
mod transaction;
mod used_statements;
mod writer;

use std::{path::Path, sync::Arc};

use tokio::sync::Semaphore;
use vestibule_core::Clock;

use self::{
    connections::{connect::Role, managed_connection::ManagedConnection},
    transaction::EngineContext,
    writer::database_thread::DatabaseThread,
};
use crate::{
    database::Database,
    health::Health,
    key_uses::KeyUses,
    options::{OpenError, Options},
    recent_refusals::RecentRefusals,
};

/// Maximum number of concurrent previews of claims.
const MAX_PREVIEWS: usize = 2;

/// The embedded engine.
pub(crate) struct SqliteStore {
    writer: Arc<DatabaseThread>,
    lookups: DatabaseThread,
    lists: DatabaseThread,
    key_uses: Arc<KeyUses>,
    health: Arc<Health>,
    recent_refusals: RecentRefusals,
    /// Limits concurrent previews of claims, so that a flood of refused claims waits here.
    previews: Semaphore,
    clock: Arc<dyn Clock>,
}

impl SqliteStore {
    /// Opens the file, creates or migrates the schema, and starts the threads. Must be called inside a tokio runtime.
    pub(crate) fn open(path: &Path, options: Options) -> Result<Self, OpenError> {
        let database = Database::file(path);
        let unreachable = |reason: String| OpenError::Unreachable { database: database.clone(), reason };
        let open = |role| ManagedConnection::open(path, role).map_err(|error| open_error(&error, &database));
        let mut writer = open(Role::Writer)?;
        if let Some(connection) = writer.writable() {
            migrations::migrate(connection, &database)?;
        }
        let mut lookups = open(Role::Reader)?;
        let reader = lookups.get().map_err(|reason| unreachable(reason.to_owned()))?;
        if !writer.is_ready() {
            if !migrations::is_current(reader) {
                return Err(unreachable(
                    "it cannot be written, and its schema is of another version".to_owned(),
                ));
            }
            tracing::warn!(%database, "the database cannot be written; invites can be read but not created");
        }
        let engine = EngineContext::new(options);
        let started =
            |thread: std::io::Result<DatabaseThread>| thread.map_err(|error| unreachable(error.to_string()));
        Ok(Self {
            key_uses: Arc::clone(&engine.key_uses),
            health: Arc::clone(&engine.health),
            recent_refusals: RecentRefusals::default(),
            previews: Semaphore::new(MAX_PREVIEWS),
            clock: Arc::clone(&engine.options.clock),
            lookups: started(DatabaseThread::reader("store-lookups", lookups, engine.clone()))?,
            lists: started(DatabaseThread::reader("store-lists", open(Role::Reader)?, engine.clone()))?,
            writer: Arc::new(started(DatabaseThread::writer(path, writer, engine))?),
        })
    }
}

fn open_error(error: &rusqlite::Error, database: &Database) -> OpenError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::NotOurs(database.clone()),
        Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly) => {
            let reason = database.file_path().and_then(why_closed).unwrap_or_else(|| error.to_string());
            OpenError::Unreachable { database: database.clone(), reason }
        }
        _ => OpenError::Unreachable { database: database.clone(), reason: error.to_string() },
    }
}

/// Why a file cannot be opened: SQLite does not say.
fn why_closed(path: &Path) -> Option<String> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    if let Err(error) = std::fs::metadata(directory) {
        return Some(format!("its directory {}: {error}", directory.display()));
    }
    let error = std::fs::File::options().read(true).write(true).open(path).err()?;
    Some(match error.kind() {
        // SQLite would create it.
        std::io::ErrorKind::NotFound => {
            format!("it does not exist, and this user cannot write to {}", directory.display())
        }
        std::io::ErrorKind::PermissionDenied => {
            format!("{error}; run the command as the user of the service")
        }
        _ => error.to_string(),
    })
}
