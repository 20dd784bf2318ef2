//! A connection that recovers.
//!
//! A read-only file system or wrong permissions can be corrected while the service runs. The service then writes again
//! without a restart; until then, reads continue to work.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode};

use super::connect::{Role, connect, connect_immutable};

/// The pause between two attempts to connect.
const RETRY: Duration = Duration::from_secs(1);

/// A connection, or the reason for its absence.
pub(in crate::sqlite) struct ManagedConnection {
    path: PathBuf,
    role: Role,
    state: State,
    tried_at: Instant,
}

enum State {
    Ready(Connection),
    /// A read-only fallback for one batch. SQLite shares the state of the WAL index between connections of a process;
    /// keeping a read-only one would keep the writer from recovering.
    ReadOnly(Connection),
    /// No connection, with the reason.
    Unavailable(String),
}

impl ManagedConnection {
    /// Connects. An error means that not even reading is possible.
    pub(in crate::sqlite) fn open(path: &Path, role: Role) -> rusqlite::Result<Self> {
        let state = match connect(path, role) {
            Err(error) if role == Role::Writer && is_access_error(&error) && path.exists() => {
                State::Unavailable(error.to_string())
            }
            Err(error) if role == Role::Writer || !is_access_error(&error) => return Err(error),
            outcome => reader_state(path, outcome)?,
        };
        Ok(Self { path: path.to_owned(), role, state, tried_at: Instant::now() })
    }

    /// Whether the connection is sufficient for its role.
    pub(in crate::sqlite) fn is_ready(&self) -> bool {
        matches!(self.state, State::Ready(_))
    }

    /// The connection for migrations, if it can write.
    pub(in crate::sqlite) fn writable(&mut self) -> Option<&mut Connection> {
        match &mut self.state {
            State::Ready(connection) => Some(connection),
            _ => None,
        }
    }

    /// The connection. Without one, a reader connects for each batch, a writer at intervals.
    pub(in crate::sqlite) fn get(&mut self) -> Result<&Connection, &str> {
        if let State::Unavailable(_) = self.state
            && (self.role == Role::Reader || self.tried_at.elapsed() >= RETRY)
        {
            self.tried_at = Instant::now();
            let outcome = connect(&self.path, self.role);
            let outcome = match self.role {
                Role::Writer => outcome.map(State::Ready),
                Role::Reader => reader_state(&self.path, outcome),
            };
            self.state = outcome.unwrap_or_else(|error| State::Unavailable(error.to_string()));
            if self.role == Role::Writer && self.is_ready() {
                tracing::info!("the database can be written again");
            }
        }
        match &self.state {
            State::Ready(connection) | State::ReadOnly(connection) => Ok(connection),
            State::Unavailable(reason) => Err(reason),
        }
    }

    /// Closes a read-only fallback.
    pub(in crate::sqlite) fn end_batch(&mut self) {
        if let State::ReadOnly(_) = self.state {
            self.state = State::Unavailable("the database is reopened for each batch".to_owned());
        }
    }

    /// Records an error. Closes the connection if a new one may avoid the error.
    pub(in crate::sqlite) fn note(&mut self, error: &rusqlite::Error) {
        if is_access_error(error) {
            self.state = State::Unavailable(error.to_string());
        }
    }
}

/// The state of a reader after an attempt to connect.
fn reader_state(path: &Path, outcome: rusqlite::Result<Connection>) -> rusqlite::Result<State> {
    match outcome {
        Ok(connection) if connection.is_readonly("main")? => Ok(State::ReadOnly(connection)),
        Ok(connection) => Ok(State::Ready(connection)),
        Err(error) if is_access_error(&error) => Ok(State::ReadOnly(connect_immutable(path)?)),
        Err(error) => Err(error),
    }
}

/// Whether the error is about access to the file, not about the statement.
fn is_access_error(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, PermissionDenied, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(ReadOnly | CannotOpen | PermissionDenied | SystemIoFailure))
}
