//! Why a piece of work did not succeed.

use std::{error::Error as _, io};

use tokio_postgres::error::{Severity, SqlState};
use vestibule_core::{Refusal, StoreError, TokenRefusal, UsernameRefusal};

/// Why a piece of work did not succeed. After every one but [`EngineError::Unknown`], nothing was changed.
#[derive(Clone, Debug)]
pub(super) enum EngineError {
    /// The rules say no.
    Refused(Refusal),
    /// A row cannot be read.
    Corrupt(String),
    /// Too much work is ahead of it, in this node or at the lock of its host.
    Busy(String),
    /// Somebody else holds a lock that it needs.
    LockHeld(String),
    /// The database cannot be reached, or can do no such thing now.
    Unavailable(String),
    /// The connection was lost while a commit was under way: nobody knows whether it was done.
    Unknown(String),
    /// The database rejected this statement, and has rolled back. What failed together with others may
    /// succeed alone.
    Statement(String),
}

impl EngineError {
    /// What the caller is told.
    pub(super) fn into_error(self) -> StoreError {
        match self {
            Self::Refused(refusal) => StoreError::Refused(refusal),
            Self::Corrupt(what) => StoreError::Corrupt(what),
            Self::Unknown(reason) => StoreError::Unknown(reason),
            Self::Busy(reason) | Self::LockHeld(reason) => StoreError::Busy(reason),
            Self::Unavailable(reason) | Self::Statement(reason) => StoreError::Unavailable(reason),
        }
    }

    /// What an error means that came in answer to a COMMIT, or where it cannot be told whether one was done.
    pub(super) fn of_commit(error: tokio_postgres::Error) -> Self {
        // A server that says ERROR has rolled back. One that goes away (FATAL) may do so after the commit.
        let severity = error.as_db_error().and_then(tokio_postgres::error::DbError::parsed_severity);
        if severity == Some(Severity::Error) { error.into() } else { Self::Unknown(describe(&error)) }
    }

    /// What an error means that came in answer to a statement with a COMMIT behind it, sent in one go. An
    /// answer of the server's own ends the transaction before its COMMIT.
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

/// Whether the error is about what was asked, not about the state that the database is in. The classes are
/// those of PostgreSQL's manual, appendix A.
fn is_about_the_statement(code: &SqlState) -> bool {
    // Rolled back to let another one through (40), data (22), a rule of a table (23), no such thing (42).
    matches!(code.code().get(..2), Some("22" | "23" | "40" | "42"))
        && *code != SqlState::INSUFFICIENT_PRIVILEGE
}

/// Whether a value could not be converted: it is not what this version wrote. On a connection that was made,
/// every other error is the server's own, the network's, or says that the connection is closed.
fn is_about_a_value(error: &tokio_postgres::Error) -> bool {
    !error.is_closed() && error.source().is_some_and(|cause| !cause.is::<io::Error>())
}

/// Whether a connection could not be made because the server has no room for one more.
pub(super) fn is_full(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| *code == SqlState::TOO_MANY_CONNECTIONS)
}

/// An error in words, for the log. A message names tables and columns, never what is in them; what a
/// server adds to it may, so that is left out.
pub(super) fn describe(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return format!("{} ({})", error.message(), error.code().code());
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        source = cause.source();
    }
    text
}
