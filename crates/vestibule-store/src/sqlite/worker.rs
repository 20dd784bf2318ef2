//! The thread of a lane: takes what has queued up, does it in one transaction, hands it on.

use std::{mem, sync::mpsc::Receiver, time::Instant};

use rusqlite::Connection;
use tokio::sync::mpsc::UnboundedSender;
use vestibule_core::Commit;

use super::{
    folder::Folding,
    job::{Batch, Job},
    link::Link,
    session::{Session, Shared},
};

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
    /// Folds the journal in, where this lane writes one.
    pub(super) folding: Option<Folding>,
    /// The last transaction failed; it is in the log, and the next failure need not be.
    pub(super) failing: bool,
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
            if self.together(&mut batch) {
                self.report(&batch, begun);
            } else {
                for job in &mut batch {
                    self.alone(&mut **job);
                }
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

    /// Runs the batch in one transaction. `false` if it had to be rolled back, or could not begin: then
    /// each job needs its own.
    fn together(&mut self, batch: &mut Batch) -> bool {
        let Ok(connection) = self.link.get() else {
            return false;
        };
        let outcome = transaction(connection, self.mode, &self.shared, |session| {
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
        let done = matches!(outcome, Ok(true));
        if done && mem::take(&mut self.failing) {
            tracing::info!("the database works again");
        }
        done
    }

    fn alone(&mut self, job: &mut dyn Job) {
        let outcome = match self.link.get() {
            Ok(connection) => transaction(connection, self.mode, &self.shared, |session| {
                job.run(session)?;
                Ok(job.succeeded())
            })
            .map_err(|error| (error.to_string(), Some(error))),
            Err(reason) => Err((reason.to_owned(), None)),
        };
        let Err((reason, error)) = outcome else { return };
        job.fail(&reason);
        if !mem::replace(&mut self.failing, true) {
            tracing::error!(reason, "the database fails; this is said once, until it works again");
        }
        if let Some(error) = error {
            self.link.note(&error);
        }
    }
}

/// Runs `work` in a transaction, which is committed if it says so.
fn transaction(
    connection: &Connection,
    mode: Mode,
    shared: &Shared,
    work: impl FnOnce(&Session<'_>) -> rusqlite::Result<bool>,
) -> rusqlite::Result<bool> {
    let execute = |statement| connection.prepare_cached(statement)?.execute([]).map(drop);
    execute(match mode {
        Mode::Write => "BEGIN IMMEDIATE",
        Mode::Read => "BEGIN",
    })?;
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
