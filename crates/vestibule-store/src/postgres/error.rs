//! Errors of the server engine.

use std::{error::Error as _, io};

use tokio_postgres::{
    Row,
    error::{Severity, SqlState},
};
use vestibule_core::{Refusal, StoreError, TokenRefusal, UsernameRefusal};

use crate::verbs::rows::VerbError;

/// The error of a transaction. Nothing was changed, except that this is unknown after [`EngineError::Unknown`].
#[derive(Clone, Debug)]
pub(super) enum EngineError {
    /// The rules refuse the change.
    Refused(Refusal),
    /// A row cannot be read.
    Corrupt(String),
    /// Overload, on this node or at the lock of the host.
    Busy(String),
    /// Another transaction holds a lock that it needs.
    LockHeld(String),
    /// The database is down or temporarily unable.
    Unavailable(String),
    /// The connection was lost during a commit.
    Unknown(String),
    /// The database rejected the statement and rolled back. Items of a batch may succeed alone.
    Statement(String),
}

impl EngineError {
    /// The error for the caller.
    pub(super) fn into_error(self) -> StoreError {
        match self {
            Self::Refused(refusal) => StoreError::Refused(refusal),
            Self::Corrupt(what) => StoreError::Corrupt(what),
            Self::Unknown(reason) => StoreError::Unknown(reason),
            Self::Busy(reason) | Self::LockHeld(reason) => StoreError::Busy(reason),
            Self::Unavailable(reason) | Self::Statement(reason) => StoreError::Unavailable(reason),
        }
    }

    /// The meaning of an error that answers a COMMIT.
    pub(super) fn of_commit(error: tokio_postgres::Error) -> Self {
        // After ERROR the server has rolled back. After FATAL it may have committed.
        let severity = error.as_db_error().and_then(tokio_postgres::error::DbError::parsed_severity);
        if severity == Some(Severity::Error) { error.into() } else { Self::Unknown(describe(&error)) }
    }

    /// The meaning of an error that answers a statement with a pipelined COMMIT. An error from the server ends the
    /// transaction before the COMMIT.
    pub(super) fn before_commit(error: tokio_postgres::Error) -> Self {
        if error.as_db_error().is_some() { error.into() } else { Self::Unknown(describe(&error)) }
    }
}

impl From<tokio_postgres::Error> for EngineError {
    fn from(error: tokio_postgres::Error) -> Self {
        let text = describe(&error);
        match error.code() {
            Some(code) if *code == SqlState::LOCK_NOT_AVAILABLE => Self::LockHeld(text),
            Some(code) if is_about_the_statement(code) => Self::Statement(text),
            None if is_about_a_value(&error) => Self::Corrupt(text),
            _ => Self::Unavailable(text),
        }
    }
}

impl From<Refusal> for EngineError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<TokenRefusal> for EngineError {
    fn from(refusal: TokenRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<UsernameRefusal> for EngineError {
    fn from(refusal: UsernameRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

/// Whether the error is about the statement, not about the state of the database. The classes are those of appendix A
/// of PostgreSQL's manual.
fn is_about_the_statement(code: &SqlState) -> bool {
    // Serialization (40), data (22), constraint (23), name or syntax (42).
    matches!(code.code().get(..2), Some("22" | "23" | "40" | "42"))
        && *code != SqlState::INSUFFICIENT_PRIVILEGE
}

/// Whether a value could not be converted, because this version did not write it. All other errors on an open
/// connection come from the server or the network, or mean that the connection is closed.
fn is_about_a_value(error: &tokio_postgres::Error) -> bool {
    !error.is_closed() && error.source().is_some_and(|cause| !cause.is::<io::Error>())
}

/// Whether the server has reached its limit of connections.
pub(super) fn is_full(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| *code == SqlState::TOO_MANY_CONNECTIONS)
}

/// The text of an error, for the log. A message names tables and columns, never their values; its details may, so they
/// are left out.
pub(crate) fn describe(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return format!("{} ({})", error.message(), error.code().code());
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let message = cause.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        source = cause.source();
    }
    text
}

impl VerbError for EngineError {
    fn corrupt(what: String) -> Self {
        Self::Corrupt(what)
    }

    fn unavailable(reason: &str) -> Self {
        Self::Unavailable(reason.to_owned())
    }
}

/// A column of fixed length.
pub(super) fn array<const N: usize>(row: &Row, index: usize) -> Result<[u8; N], EngineError> {
    let bytes: &[u8] = row.try_get(index)?;
    bytes.try_into().map_err(|_| EngineError::Corrupt(format!("{} bytes instead of {N}", bytes.len())))
}
