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
    connect::PATIENCE,
    folder::Folding,
    job::{Batch, Failure, Job},
    link::Link,
    session::{Session, Shared},
};
use crate::health::Health;

/// The most work in one transaction, so that one commit stays short.
const BATCH: usize = 512;

/// How a lane begins its transactions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    /// Takes the write lock at once.
    Write,
    /// Reads one snapshot.
    Read,
}

/// The thread's belongings.
pub(super) struct Worker {
    pub(super) mode: Mode,
    pub(super) link: Link,
    pub(super) shared: Shared,
    pub(super) jobs: Receiver<Batch>,
    pub(super) done: UnboundedSender<Batch>,
    /// Checkpoints the WAL, where this lane writes one.
    pub(super) folding: Option<Folding>,
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
    Refused(Failure),
}

impl Worker {
    /// Works until the queue's other end is gone.
    pub(super) fn run(mut self) {
        self.link.rest();
        while let Ok(mut batch) = self.jobs.recv() {
            while batch.len() < BATCH
                && let Ok(more) = self.jobs.try_recv()
            {
                batch.extend(more);
            }
            let (before, begun) = (self.changes(), Instant::now());
            match self.together(&mut batch) {
                Outcome::Done => self.report(&batch, begun),
                Outcome::RolledBack => self.one_by_one(&mut batch),
                Outcome::Refused(failure) => self.refuse(&mut batch, &failure),
            }
            if self.done.send(batch).is_err() {
                return;
            }
            if self.changes() != before {
                self.fold();
            }
            self.link.rest();
        }
    }

    /// Tells the observer about a commit, where this lane writes.
    fn report(&self, batch: &Batch, begun: Instant) {
        if let (Mode::Write, Some(first)) = (self.mode, batch.first()) {
            self.shared.options.observer.committed(Commit {
                work: batch.len(),
                waited: begun.saturating_duration_since(first.queued_at()),
                took: begun.elapsed(),
            });
        }
    }

    /// Takes note of a commit that wrote something.
    fn fold(&mut self) {
        if let (Some(folding), Ok(connection)) = (&mut self.folding, self.link.get()) {
            folding.committed(connection);
        }
    }

    /// How much this connection has changed so far; something else after a new connection.
    fn changes(&mut self) -> Option<u64> {
        self.link.get().ok().map(Connection::total_changes)
    }

    /// Runs the batch in one transaction.
    fn together(&mut self, batch: &mut Batch) -> Outcome {
        let stopping = Arc::clone(&self.stopping);
        let connection = match self.link.get() {
            Ok(connection) => connection,
            Err(reason) => return Outcome::Refused(Failure::Outage(reason.to_owned())),
        };
        let outcome = transaction(connection, self.mode, &self.shared, &stopping, |session| {
            for job in &mut *batch {
                let before = connection.total_changes();
                job.run(session)?;
                // Work that was refused after it had written something must leave nothing behind.
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
            Err(error) if is_about_all(&error) => {
                self.link.note(&error);
                Outcome::Refused(Failure::from(&error))
            }
            Ok(false) | Err(_) => Outcome::RolledBack,
        }
    }

    fn one_by_one(&mut self, batch: &mut Batch) {
        for index in 0..batch.len() {
            if let Err(failure) = self.alone(&mut *batch[index]) {
                self.refuse(&mut batch[index..], &failure);
                return;
            }
        }
    }

    /// Runs one piece of work in a transaction of its own. An error is for all that come after it as well.
    fn alone(&mut self, job: &mut dyn Job) -> Result<(), Failure> {
        let stopping = Arc::clone(&self.stopping);
        let connection = self.link.get().map_err(|reason| Failure::Outage(reason.to_owned()))?;
        let outcome = transaction(connection, self.mode, &self.shared, &stopping, |session| {
            job.run(session)?;
            Ok(job.succeeded())
        });
        let Err(error) = outcome else {
            if job.succeeded() {
                self.health.worked();
            }
            return Ok(());
        };
        self.link.note(&error);
        if is_about_all(&error) {
            return Err(Failure::from(&error));
        }
        let failure = Failure::from(&error);
        job.fail(&failure);
        self.health.failed(failure.reason());
        Ok(())
    }

    /// Tells all who wait, in this batch and behind it, that nothing can be done now: each of them has waited
    /// for as long as this has taken.
    fn refuse(&mut self, batch: &mut [Box<dyn Job>], failure: &Failure) {
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
fn is_about_all(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, NotADatabase, PermissionDenied, ReadOnly,
    };
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseBusy | DatabaseLocked | CannotOpen | NotADatabase | PermissionDenied | ReadOnly)
    )
}

/// Runs `work` in a transaction, which is committed if it says so.
fn transaction(
    connection: &Connection,
    mode: Mode,
    shared: &Shared,
    stopping: &AtomicBool,
    work: impl FnOnce(&Session<'_>) -> rusqlite::Result<bool>,
) -> rusqlite::Result<bool> {
    let execute = |statement| connection.prepare_cached(statement)?.execute([]).map(drop);
    begin(connection, mode, stopping)?;
    let session = Session::new(connection, shared);
    let outcome = match work(&session) {
        Ok(true) => execute("COMMIT").map(|()| true),
        other => other,
    };
    if matches!(outcome, Ok(true)) {
        session.publish();
    }
    if !matches!(outcome, Ok(true)) && !connection.is_autocommit() {
        execute("ROLLBACK")?;
    }
    outcome
}

/// How long one attempt to begin waits: a lane that is about to end must not wait for long.
const ATTEMPT: Duration = Duration::from_millis(100);

/// Begins, after waiting for other processes that write, but not once the lane is about to end.
fn begin(connection: &Connection, mode: Mode, stopping: &AtomicBool) -> rusqlite::Result<()> {
    let statement = match mode {
        Mode::Write => {
            connection.busy_timeout(ATTEMPT)?;
            "BEGIN IMMEDIATE"
        }
        Mode::Read => "BEGIN",
    };
    let begun = Instant::now();
    loop {
        let outcome = connection.prepare_cached(statement)?.execute([]).map(drop);
        let busy = outcome
            .as_ref()
            .is_err_and(|error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy));
        if !busy || begun.elapsed() >= PATIENCE || stopping.load(Ordering::Relaxed) {
            return outcome;
        }
    }
}
