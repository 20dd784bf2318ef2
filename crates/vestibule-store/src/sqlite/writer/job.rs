//! Jobs in the queue of a database thread.

use std::time::Instant;

use tokio::sync::oneshot;
use vestibule_core::StoreError;

use crate::sqlite::{error::EngineError, transaction::Transaction};

/// The reason why the engine failed a job.
#[derive(Clone, Debug)]
pub(in crate::sqlite) enum JobFailure {
    /// The queue is full, or another process holds the file.
    Busy(String),
    /// The file cannot be read or written.
    Unavailable(String),
}

impl JobFailure {
    /// The reason, for the log.
    pub(in crate::sqlite) fn reason(&self) -> &str {
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

/// A job in the queue.
pub(in crate::sqlite) trait Job: Send {
    /// When it was queued.
    fn queued_at(&self) -> Instant;
    /// Runs the job and keeps its outcome. Called again after a rollback.
    fn run(&mut self, tx: &Transaction<'_>) -> Result<(), rusqlite::Error>;
    /// Whether the kept outcome is a success.
    fn succeeded(&self) -> bool;
    /// Replaces the outcome by a failure of the engine.
    fn fail(&mut self, failure: &JobFailure);
    /// Sends the outcome to the caller.
    fn deliver(self: Box<Self>);
}

/// A closure, and the channel for its outcome.
pub(in crate::sqlite) struct Task<F, R> {
    work: F,
    queued_at: Instant,
    outcome: Option<Result<R, StoreError>>,
    reply: oneshot::Sender<Result<R, StoreError>>,
}

impl<F, R> Task<F, R> {
    /// A job whose outcome is sent to `reply`.
    pub(in crate::sqlite) fn new(work: F, reply: oneshot::Sender<Result<R, StoreError>>) -> Self {
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
            Err(EngineError::Unavailable(what)) => Err(StoreError::Unavailable(what)),
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
            // The caller may have been cancelled.
            let _ = self.reply.send(outcome);
        }
    }
}

/// Jobs of one transaction.
pub(in crate::sqlite) type Batch = Vec<Box<dyn Job>>;
