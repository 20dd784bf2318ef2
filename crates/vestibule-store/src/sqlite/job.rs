//! A piece of work in a lane's queue.

use std::time::Instant;

use tokio::sync::oneshot;
use vestibule_core::{Refusal, StoreError, TokenRefusal, UsernameRefusal};

use super::transaction::Transaction;

/// Why a piece of work did not succeed.
#[derive(Debug)]
pub(super) enum EngineError {
    /// The rules say no.
    Refused(Refusal),
    /// A row cannot be read.
    Corrupt(String),
    /// It had to wait for too long, or the clock has jumped. It may be asked again.
    Late(String),
    /// SQLite failed.
    Engine(rusqlite::Error),
}

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
        };
        match error {
            // A value that is not what this version wrote; SQLite itself works.
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

/// Why the engine did not even try, or could not.
#[derive(Clone, Debug)]
pub(super) enum JobFailure {
    /// Too much is ahead of it.
    Busy(String),
    /// The file cannot be read or written.
    Unavailable(String),
}

impl JobFailure {
    /// For the log.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Busy(reason) | Self::Unavailable(reason) => reason,
        }
    }

    fn to_error(&self) -> StoreError {
        match self.clone() {
            Self::Busy(reason) => StoreError::Busy(reason),
            Self::Unavailable(reason) => StoreError::Unavailable(reason),
        }
    }
}

impl From<&rusqlite::Error> for JobFailure {
    fn from(error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        let make = match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy,
            _ => Self::Unavailable,
        };
        make(error.to_string())
    }
}

/// A piece of work in the queue.
pub(super) trait Job: Send {
    /// When it was queued.
    fn queued_at(&self) -> Instant;
    /// Does the work and keeps the outcome. May be called again after a rollback.
    fn run(&mut self, tx: &Transaction<'_>) -> Result<(), rusqlite::Error>;
    /// Whether the kept outcome is a success.
    fn succeeded(&self) -> bool;
    /// Replaces the outcome by a failure of the engine.
    fn fail(&mut self, failure: &JobFailure);
    /// Hands the outcome to the caller.
    fn deliver(self: Box<Self>);
}

/// AnyItem, and who waits for it.
pub(super) struct Task<F, R> {
    work: F,
    queued_at: Instant,
    outcome: Option<Result<R, StoreError>>,
    reply: oneshot::Sender<Result<R, StoreError>>,
}

impl<F, R> Task<F, R> {
    /// AnyItem whose outcome goes to `reply`.
    pub(super) fn new(work: F, reply: oneshot::Sender<Result<R, StoreError>>) -> Self {
        Self { work, queued_at: Instant::now(), outcome: None, reply }
    }
}

impl<F, R> Job for Task<F, R>
where
    F: FnMut(&Transaction<'_>) -> Result<R, EngineError> + Send,
    R: Send,
{
    fn queued_at(&self) -> Instant {
        self.queued_at
    }

    fn run(&mut self, tx: &Transaction<'_>) -> Result<(), rusqlite::Error> {
        self.outcome = Some(match (self.work)(tx) {
            Ok(result) => Ok(result),
            Err(EngineError::Refused(refusal)) => Err(StoreError::Refused(refusal)),
            Err(EngineError::Corrupt(what)) => Err(StoreError::Corrupt(what)),
            Err(EngineError::Late(what)) => Err(StoreError::Unavailable(what)),
            Err(EngineError::Engine(error)) => return Err(error),
        });
        Ok(())
    }

    fn succeeded(&self) -> bool {
        matches!(self.outcome, Some(Ok(_)))
    }

    fn fail(&mut self, failure: &JobFailure) {
        self.outcome = Some(Err(failure.to_error()));
    }

    fn deliver(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // A caller that has gone away does not want it any more.
            let _ = self.reply.send(outcome);
        }
    }
}

/// AnyItem that is done in one transaction.
pub(super) type Batch = Vec<Box<dyn Job>>;
