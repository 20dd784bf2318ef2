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
    /// Reads the file as it was found, without SQLite's locks; only while nobody can write it.
    Frozen(Connection),
    /// Nothing can be done.
    Down(String),
}

impl Link {
    /// Connects for the first time. An error means that not even reading is possible.
    pub(super) fn open(path: &Path, role: Role) -> rusqlite::Result<Self> {
        let state = match (connect(path, role), role) {
            (Ok(connection), _) => State::Good(connection),
            (Err(error), _) if !is_about_rights(&error) || !path.exists() => return Err(error),
            (Err(_), Role::Reader) => State::Frozen(connect_immutable(path)?),
            (Err(error), Role::Writer) => State::Down(error.to_string()),
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

    /// The connection; where it is not as it should be, tries for a better one every now and then.
    pub(super) fn get(&mut self) -> Result<&Connection, &str> {
        if !self.is_good() && self.tried_at.elapsed() >= RETRY {
            self.tried_at = Instant::now();
            match connect(&self.path, self.role) {
                Ok(connection) => {
                    tracing::info!(role = ?self.role, "the database can be used again");
                    self.state = State::Good(connection);
                }
                Err(error) => {
                    if let State::Down(reason) = &mut self.state {
                        *reason = error.to_string();
                    }
                }
            }
        }
        match &self.state {
            State::Good(connection) | State::Frozen(connection) => Ok(connection),
            State::Down(reason) => Err(reason),
        }
    }

    /// Takes note of an error. After one that a new connection may mend, the old one is given up.
    pub(super) fn note(&mut self, error: &rusqlite::Error) {
        if is_about_rights(error) && self.role == Role::Writer {
            self.state = State::Down(error.to_string());
        }
    }
}

/// Whether the error is about what may be done with the file, not about what was to be done.
fn is_about_rights(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, PermissionDenied, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(ReadOnly | CannotOpen | PermissionDenied | SystemIoFailure))
}
