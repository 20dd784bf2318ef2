//! Errors of the embedded engine.

use vestibule_core::{Refusal, TokenRefusal, UsernameRefusal};

use crate::verbs::rows::VerbError;

/// The error of a transaction.
#[derive(Debug)]
pub(super) enum EngineError {
    /// The rules refuse the change.
    Refused(Refusal),
    /// A row cannot be read.
    Corrupt(String),
    /// The request waited too long, or the clock has jumped. It may be repeated.
    Unavailable(String),
    /// SQLite failed.
    Engine(rusqlite::Error),
}

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
        };
        match error {
            // This version did not write such a value; SQLite itself works.
            FromSqlConversionFailure(..)
            | IntegralValueOutOfRange(..)
            | InvalidColumnType(..)
            | Utf8Error(..) => Self::Corrupt(error.to_string()),
            error => Self::Engine(error),
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

impl VerbError for EngineError {
    fn corrupt(what: String) -> Self {
        Self::Corrupt(what)
    }

    fn unavailable(reason: &str) -> Self {
        Self::Unavailable(reason.to_owned())
    }
}
