//! A lane's connection, which comes back by itself.
//!
//! A file on a disk that was mounted read-only, or whose rights were wrong, can be written again one day;
//! nobody should have to restart the service for that. Until then readers go on reading.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode};

use super::connect::{Role, connect, connect_immutable};

/// Between two attempts to get a better connection.
const RETRY: Duration = Duration::from_secs(1);

/// A connection, or the reason why there is none.
pub(super) struct ManagedConnection {
    path: PathBuf,
    role: Role,
    state: State,
    tried_at: Instant,
}

enum State {
    /// All is well.
    Ready(Connection),
    /// The file cannot be written; this is for the batch at hand. SQLite shares what it knows of a file
    /// between all connections of a process, also that its index may not be written. So a reader must not
    /// stay, or no writer would ever come back.
    ReadOnly(Connection),
    /// There is no connection, for this reason.
    Unavailable(String),
}

impl ManagedConnection {
    /// Connects for the first time. An error means that not even reading is possible.
    pub(super) fn open(path: &Path, role: Role) -> rusqlite::Result<Self> {
        let state = match connect(path, role) {
            Err(error) if role == Role::Writer && is_access_error(&error) && path.exists() => {
                State::Unavailable(error.to_string())
            }
            Err(error) if role == Role::Writer || !is_access_error(&error) => return Err(error),
            outcome => reader_state(path, outcome)?,
        };
        Ok(Self { path: path.to_owned(), role, state, tried_at: Instant::now() })
    }

    /// Whether the connection is as it should be.
    pub(super) fn is_ready(&self) -> bool {
        matches!(self.state, State::Ready(_))
    }

    /// The connection to migrate by, if it may write.
    pub(super) fn writable(&mut self) -> Option<&mut Connection> {
        match &mut self.state {
            State::Ready(connection) => Some(connection),
            _ => None,
        }
    }

    /// The connection; where there is none, tries for one: a reader for each batch, a writer every now
    /// and then.
    pub(super) fn get(&mut self) -> Result<&Connection, &str> {
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

    /// Takes note that a batch is done.
    pub(super) fn end_batch(&mut self) {
        if let State::ReadOnly(_) = self.state {
            self.state = State::Unavailable("the database is opened anew for each batch".to_owned());
        }
    }

    /// Takes note of an error. After one that a new connection may mend, the old one is given up.
    pub(super) fn note(&mut self, error: &rusqlite::Error) {
        if is_access_error(error) {
            self.state = State::Unavailable(error.to_string());
        }
    }
}

/// What a reader makes of an attempt to connect.
fn reader_state(path: &Path, outcome: rusqlite::Result<Connection>) -> rusqlite::Result<State> {
    match outcome {
        Ok(connection) if connection.is_readonly("main")? => Ok(State::ReadOnly(connection)),
        Ok(connection) => Ok(State::Ready(connection)),
        Err(error) if is_access_error(&error) => Ok(State::ReadOnly(connect_immutable(path)?)),
        Err(error) => Err(error),
    }
}

/// Whether the error is about what may be done with the file, not about what was to be done.
fn is_access_error(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, PermissionDenied, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(ReadOnly | CannotOpen | PermissionDenied | SystemIoFailure))
}
