//! Why a piece of work did not succeed.

use std::error::Error as _;

use tokio_postgres::error::SqlState;
use vestibule_core::{Refusal, StoreError, TokenRefusal, UsernameRefusal};

/// Why a piece of work did not succeed.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// The rules say no.
    Refused(Refusal),
    /// A row cannot be read.
    Corrupt(String),
    /// The database cannot be reached, or can do no such thing now. Whether what was sent last was done is
    /// not known.
    Outage(String),
    /// The database refused this statement, and has rolled back. What failed together with others may
    /// succeed alone.
    Statement(String),
}

impl Fault {
    /// What the caller is told.
    pub(super) fn into_error(self) -> StoreError {
        match self {
            Self::Refused(refusal) => StoreError::Refused(refusal),
            Self::Corrupt(what) => StoreError::Corrupt(what),
            Self::Outage(reason) | Self::Statement(reason) => StoreError::Unavailable(reason),
        }
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        let text = describe(&error);
        match error.code() {
            Some(code) if is_about_the_statement(code) => Self::Statement(text),
            // A value that is not what this version wrote.
            None if text.starts_with("error deserializing") => Self::Corrupt(text),
            _ => Self::Outage(text),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<TokenRefusal> for Fault {
    fn from(refusal: TokenRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<UsernameRefusal> for Fault {
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
