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
pub(super) struct Link {
    path: PathBuf,
    role: Role,
    state: State,
    tried_at: Instant,
}

enum State {
    /// All is well.
    Good(Connection),
    /// The file cannot be written; this is for the batch at hand. SQLite shares what it knows of a file
    /// between all connections of a process, also that its index may not be written. So a reader must not
    /// stay, or no writer would ever come back.
    Limited(Connection),
    /// There is no connection, for this reason.
    Down(String),
}

impl Link {
    /// Connects for the first time. An error means that not even reading is possible.
    pub(super) fn open(path: &Path, role: Role) -> rusqlite::Result<Self> {
        let state = match connect(path, role) {
            Err(error) if role == Role::Writer && is_about_rights(&error) && path.exists() => {
                State::Down(error.to_string())
            }
            Err(error) if role == Role::Writer || !is_about_rights(&error) => return Err(error),
            outcome => reader(path, outcome)?,
        };
        Ok(Self { path: path.to_owned(), role, state, tried_at: Instant::now() })
    }

    /// Whether the connection is as it should be.
    pub(super) fn is_good(&self) -> bool {
        matches!(self.state, State::Good(_))
    }

    /// The connection to migrate by, if it may write.
    pub(super) fn writable(&mut self) -> Option<&mut Connection> {
        match &mut self.state {
            State::Good(connection) => Some(connection),
            _ => None,
        }
    }

    /// The connection; where there is none, tries for one: a reader for each batch, a writer every now
    /// and then.
    pub(super) fn get(&mut self) -> Result<&Connection, &str> {
        if let State::Down(_) = self.state
            && (self.role == Role::Reader || self.tried_at.elapsed() >= RETRY)
        {
            self.tried_at = Instant::now();
            let outcome = connect(&self.path, self.role);
            let outcome = match self.role {
                Role::Writer => outcome.map(State::Good),
                Role::Reader => reader(&self.path, outcome),
            };
            self.state = outcome.unwrap_or_else(|error| State::Down(error.to_string()));
            if self.role == Role::Writer && self.is_good() {
                tracing::info!("the database can be written again");
            }
        }
        match &self.state {
            State::Good(connection) | State::Limited(connection) => Ok(connection),
            State::Down(reason) => Err(reason),
        }
    }

    /// Takes note that a batch is done.
    pub(super) fn rest(&mut self) {
        if let State::Limited(_) = self.state {
            self.state = State::Down("the database is opened anew for each batch".to_owned());
        }
    }

    /// Takes note of an error. After one that a new connection may mend, the old one is given up.
    pub(super) fn note(&mut self, error: &rusqlite::Error) {
        if is_about_rights(error) {
            self.state = State::Down(error.to_string());
        }
    }
}

/// What a reader makes of an attempt to connect.
fn reader(path: &Path, outcome: rusqlite::Result<Connection>) -> rusqlite::Result<State> {
    match outcome {
        Ok(connection) if connection.is_readonly("main")? => Ok(State::Limited(connection)),
        Ok(connection) => Ok(State::Good(connection)),
        Err(error) if is_about_rights(&error) => Ok(State::Limited(connect_immutable(path)?)),
        Err(error) => Err(error),
    }
}

/// Whether the error is about what may be done with the file, not about what was to be done.
fn is_about_rights(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, PermissionDenied, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(ReadOnly | CannotOpen | PermissionDenied | SystemIoFailure))
}
