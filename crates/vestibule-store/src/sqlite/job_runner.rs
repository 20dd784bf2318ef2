//! The thread of a lane: takes what has queued up, does it in one transaction, hands it on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::mpsc::UnboundedSender;
use vestibule_core::Commit;

use super::{
    checkpointer::CheckpointTrigger,
    connect::{BUSY_TIMEOUT, Role},
    job::{Batch, Job, JobFailure},
    managed_connection::ManagedConnection,
    transaction::{EngineContext, Transaction},
};
use crate::health::Health;

/// The most work in one transaction, so that one commit stays short.
const MAX_BATCH: usize = 512;

/// The thread's belongings.
pub(super) struct JobRunner {
    pub(super) mode: Role,
    pub(super) connection: ManagedConnection,
    pub(super) engine: EngineContext,
    pub(super) jobs: Receiver<Batch>,
    pub(super) done: UnboundedSender<Batch>,
    /// Checkpoints the WAL, where this lane writes one.
    pub(super) checkpoint_trigger: Option<CheckpointTrigger>,
    /// What the log says of failures.
    pub(super) health: Arc<Health>,
    /// Set when the lane is about to end: then nothing waits for a lock any more.
    pub(super) stopping: Arc<AtomicBool>,
}

/// What became of a batch in one transaction.
enum Outcome {
    Done,
    /// It was rolled back because of one piece of work: each needs a transaction of its own.
    RolledBack,
    /// No transaction can be had at all, for this reason: nobody need try.
    Refused(JobFailure),
}

impl JobRunner {
    /// Batch until the queue's other end is gone.
    pub(super) fn run(mut self) {
        self.connection.end_batch();
        while let Ok(mut batch) = self.jobs.recv() {
            while batch.len() < MAX_BATCH
                && let Ok(more) = self.jobs.try_recv()
            {
                batch.extend(more);
            }
            let (before, begun) = (self.changes(), Instant::now());
            match self.run_batch(&mut batch) {
                Outcome::Done => self.report(&batch, begun),
                Outcome::RolledBack => self.run_individually(&mut batch),
                Outcome::Refused(failure) => self.reject_all(&mut batch, &failure),
            }
            if self.done.send(batch).is_err() {
                return;
            }
            if self.changes() != before {
                self.note_commit();
            }
            self.connection.end_batch();
        }
    }

    /// Tells the observer about a commit, where this lane writes.
    fn report(&self, batch: &Batch, begun: Instant) {
        if let (Role::Writer, Some(first)) = (self.mode, batch.first()) {
            self.engine.options.observer.committed(Commit {
                work: batch.len(),
                waited: begun.saturating_duration_since(first.queued_at()),
                took: begun.elapsed(),
            });
        }
    }

    /// Takes note of a commit that wrote something.
    fn note_commit(&mut self) {
        if let (Some(checkpoint_trigger), Ok(connection)) =
            (&mut self.checkpoint_trigger, self.connection.get())
        {
            checkpoint_trigger.committed(connection);
        }
    }

    /// How much this connection has changed so far; something else after a new connection.
    fn changes(&mut self) -> Option<u64> {
        self.connection.get().ok().map(Connection::total_changes)
    }

    /// Runs the batch in one transaction.
    fn run_batch(&mut self, batch: &mut Batch) -> Outcome {
        let stopping = Arc::clone(&self.stopping);
        let connection = match self.connection.get() {
            Ok(connection) => connection,
            Err(reason) => return Outcome::Refused(JobFailure::Unavailable(reason.to_owned())),
        };
        let outcome = run_in_transaction(connection, self.mode, &self.engine, &stopping, |tx| {
            for job in &mut *batch {
                let before = connection.total_changes();
                job.run(tx)?;
                // AnyItem that was refused after it had written something must leave nothing behind.
                if !job.succeeded() && connection.total_changes() != before {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        match outcome {
            Ok(true) => {
                self.health.worked();
                Outcome::Done
            }
            Err(error) if affects_every_job(&error) => {
                self.connection.note(&error);
                Outcome::Refused(JobFailure::from(&error))
            }
            Ok(false) | Err(_) => Outcome::RolledBack,
        }
    }

    fn run_individually(&mut self, batch: &mut Batch) {
        for index in 0..batch.len() {
            if let Err(failure) = self.run_alone(&mut *batch[index]) {
                self.reject_all(&mut batch[index..], &failure);
                return;
            }
        }
    }

    /// Runs one piece of work in a transaction of its own. An error is for all that come after it as well.
    fn run_alone(&mut self, job: &mut dyn Job) -> Result<(), JobFailure> {
        let stopping = Arc::clone(&self.stopping);
        let connection =
            self.connection.get().map_err(|reason| JobFailure::Unavailable(reason.to_owned()))?;
        let outcome = run_in_transaction(connection, self.mode, &self.engine, &stopping, |tx| {
            job.run(tx)?;
            Ok(job.succeeded())
        });
        let Err(error) = outcome else {
            if job.succeeded() {
                self.health.worked();
            }
            return Ok(());
        };
        self.connection.note(&error);
        if affects_every_job(&error) {
            return Err(JobFailure::from(&error));
        }
        let failure = JobFailure::from(&error);
        job.fail(&failure);
        self.health.failed(failure.reason());
        Ok(())
    }

    /// Tells all who wait, in this batch and behind it, that nothing can be done now: each of them has waited
    /// for as long as this has taken.
    fn reject_all(&mut self, batch: &mut [Box<dyn Job>], failure: &JobFailure) {
        self.health.failed(failure.reason());
        for job in &mut *batch {
            job.fail(failure);
        }
        while let Ok(mut waiting) = self.jobs.try_recv() {
            for job in &mut waiting {
                job.fail(failure);
            }
            // Where the other end is gone, so are those who wait.
            let _ = self.done.send(waiting);
        }
    }
}

/// Whether the error holds for whatever else is tried now: somebody else has locked the file, or it cannot be
/// opened or written at all.
fn affects_every_job(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, NotADatabase, PermissionDenied, ReadOnly,
    };
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseBusy | DatabaseLocked | CannotOpen | NotADatabase | PermissionDenied | ReadOnly)
    )
}

/// Runs `work` in a transaction, which is committed if it says so.
fn run_in_transaction(
    connection: &Connection,
    mode: Role,
    engine: &EngineContext,
    stopping: &AtomicBool,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<bool>,
) -> rusqlite::Result<bool> {
    let execute = |statement| connection.prepare_cached(statement)?.execute([]).map(drop);
    begin(connection, mode, stopping)?;
    let tx = Transaction::new(connection, engine);
    let outcome = match work(&tx) {
        Ok(true) => execute("COMMIT").map(|()| true),
        other => other,
    };
    if matches!(outcome, Ok(true)) {
        tx.notify_observer();
    }
    if !matches!(outcome, Ok(true)) && !connection.is_autocommit() {
        execute("ROLLBACK")?;
    }
    outcome
}

/// How long one attempt to begin waits: a lane that is about to end must not wait for long.
const ATTEMPT: Duration = Duration::from_millis(100);

/// Begins, after waiting for other processes that write, but not once the lane is about to end.
fn begin(connection: &Connection, mode: Role, stopping: &AtomicBool) -> rusqlite::Result<()> {
    let statement = match mode {
        Role::Writer => {
            connection.busy_timeout(ATTEMPT)?;
            "BEGIN IMMEDIATE"
        }
        Role::Reader => "BEGIN",
    };
    let begun = Instant::now();
    loop {
        let outcome = connection.prepare_cached(statement)?.execute([]).map(drop);
        let busy = outcome
            .as_ref()
            .is_err_and(|error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy));
        if !busy || begun.elapsed() >= BUSY_TIMEOUT || stopping.load(Ordering::Relaxed) {
            return outcome;
        }
    }
}
