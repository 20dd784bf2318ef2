//! The loop of a database thread: takes the queued jobs, runs them in one transaction, returns them.

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

use super::job::{Batch, Job, JobFailure};
use crate::{
    health::Health,
    sql::{Sql, statements},
    sqlite::{
        connections::{
            checkpointer::CheckpointTrigger,
            connect::{BUSY_TIMEOUT, Role},
            managed_connection::ManagedConnection,
        },
        transaction::{EngineContext, Transaction},
    },
};

statements! {
    const BEGIN_WRITE: Sql = "BEGIN IMMEDIATE";

    const BEGIN_READ: Sql = "BEGIN";

    const COMMIT: Sql = "COMMIT";

    const ROLLBACK: Sql = "ROLLBACK";
}

/// Maximum number of jobs in one transaction, which keeps commits short.
const MAX_BATCH: usize = 512;

/// The state of the thread.
pub(super) struct JobRunner {
    pub(super) mode: Role,
    pub(super) connection: ManagedConnection,
    pub(super) engine: EngineContext,
    pub(super) jobs: Receiver<Batch>,
    pub(super) done: UnboundedSender<Batch>,
    /// Only for the writer.
    pub(super) checkpoint_trigger: Option<CheckpointTrigger>,
    /// Whether changes can be saved, for the log.
    pub(super) health: Arc<Health>,
    /// Set at shutdown; then the thread no longer waits for a lock.
    pub(super) stopping: Arc<AtomicBool>,
}

/// The outcome of a batch in one transaction.
enum Outcome {
    Done,
    /// Rolled back because of one job. The jobs must run individually.
    RolledBack,
    /// No transaction can begin.
    Refused(JobFailure),
}

impl JobRunner {
    /// Runs until the handle is dropped.
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

    /// Reports a commit of the writer to the observer.
    fn report(&self, batch: &Batch, begun: Instant) {
        if let (Role::Writer, Some(first)) = (self.mode, batch.first()) {
            self.engine.options.observer.committed(Commit {
                work: batch.len(),
                waited: begun.saturating_duration_since(first.queued_at()),
                took: begun.elapsed(),
            });
        }
    }

    /// Records a commit that changed rows.
    fn note_commit(&mut self) {
        if let (Some(checkpoint_trigger), Ok(connection)) =
            (&mut self.checkpoint_trigger, self.connection.get())
        {
            checkpoint_trigger.committed(connection);
        }
    }

    /// The number of changes on this connection; a new connection has another.
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
                // The writes of a refused job must be rolled back.
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

    /// Runs one job in a transaction of its own. An error affects all later jobs as well.
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

    /// Fails all jobs of the batch and of the queue, which have waited as long.
    fn reject_all(&mut self, batch: &mut [Box<dyn Job>], failure: &JobFailure) {
        self.health.failed(failure.reason());
        for job in &mut *batch {
            job.fail(failure);
        }
        while let Ok(mut waiting) = self.jobs.try_recv() {
            for job in &mut waiting {
                job.fail(failure);
            }
            // The receiver ends with the callers.
            let _ = self.done.send(waiting);
        }
    }
}

/// Whether the error would fail every other job as well: the file is locked by another process, or cannot be opened or
/// written.
fn affects_every_job(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, NotADatabase, PermissionDenied, ReadOnly,
    };
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseBusy | DatabaseLocked | CannotOpen | NotADatabase | PermissionDenied | ReadOnly)
    )
}

/// Runs `work` in a transaction and commits it if `work` returns `true`.
fn run_in_transaction(
    connection: &Connection,
    mode: Role,
    engine: &EngineContext,
    stopping: &AtomicBool,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<bool>,
) -> rusqlite::Result<bool> {
    let execute = |sql: Sql| connection.prepare_cached(sql.text())?.execute([]).map(drop);
    begin(connection, mode, stopping)?;
    let tx = Transaction::new(connection, engine);
    let outcome = match work(&tx) {
        Ok(true) => execute(COMMIT).map(|()| true),
        other => other,
    };
    if matches!(outcome, Ok(true)) {
        tx.notify_observer();
    }
    if !matches!(outcome, Ok(true)) && !connection.is_autocommit() {
        execute(ROLLBACK)?;
    }
    outcome
}

/// Timeout of one attempt to begin, so that a shutdown is noticed soon.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(100);

/// Begins a transaction. Waits for other processes that write, except during a shutdown.
fn begin(connection: &Connection, mode: Role, stopping: &AtomicBool) -> rusqlite::Result<()> {
    let sql = match mode {
        Role::Writer => {
            connection.busy_timeout(ATTEMPT_TIMEOUT)?;
            BEGIN_WRITE
        }
        Role::Reader => BEGIN_READ,
    };
    let begun = Instant::now();
    loop {
        let outcome = connection.prepare_cached(sql.text())?.execute([]).map(drop);
        let busy = outcome
            .as_ref()
            .is_err_and(|error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy));
        if !busy || begun.elapsed() >= BUSY_TIMEOUT || stopping.load(Ordering::Relaxed) {
            return outcome;
        }
    }
}
