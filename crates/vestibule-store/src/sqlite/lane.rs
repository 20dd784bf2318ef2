//! A lane: one thread, one connection, and a queue of work that is done in batches.
//!
//! All work that has queued up while the last batch was on its way to the disk becomes the next batch: one
//! transaction, one sync. The finished batch goes back to the runtime in one message, and a task there
//! wakes the callers. Waking each of them from this thread would cost more than the work itself.

use std::{
    mem,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use vestibule_core::{Refusal, StoreError, TokenRefusal, UsernameRefusal};

use super::{
    link::Link,
    session::{Session, Shared},
};

/// The most work that may wait. More is refused at once: it would only time out later.
const QUEUE: usize = 8192;

/// The most work in one transaction, so that one commit stays short.
const BATCH: usize = 512;

/// Why a piece of work did not succeed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The rules say no.
    Refused(Refusal),
    /// A row cannot be read.
    Corrupt(String),
    /// SQLite failed.
    Engine(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
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

/// A piece of work in the queue.
trait Job: Send {
    /// Does the work and keeps the outcome. May be called again after a rollback.
    fn run(&mut self, session: &Session<'_>) -> Result<(), rusqlite::Error>;
    /// Whether the kept outcome is a success.
    fn succeeded(&self) -> bool;
    /// Replaces the outcome by a failure of the engine.
    fn fail(&mut self, reason: &str);
    /// Hands the outcome to the caller.
    fn deliver(self: Box<Self>);
}

struct Task<F, R> {
    work: F,
    outcome: Option<Result<R, StoreError>>,
    caller: oneshot::Sender<Result<R, StoreError>>,
}

impl<F, R> Job for Task<F, R>
where
    F: FnMut(&Session<'_>) -> Result<R, Fault> + Send,
    R: Send,
{
    fn run(&mut self, session: &Session<'_>) -> Result<(), rusqlite::Error> {
        self.outcome = Some(match (self.work)(session) {
            Ok(result) => Ok(result),
            Err(Fault::Refused(refusal)) => Err(StoreError::Refused(refusal)),
            Err(Fault::Corrupt(what)) => Err(StoreError::Corrupt(what)),
            Err(Fault::Engine(error)) => return Err(error),
        });
        Ok(())
    }

    fn succeeded(&self) -> bool {
        matches!(self.outcome, Some(Ok(_)))
    }

    fn fail(&mut self, reason: &str) {
        self.outcome = Some(Err(StoreError::Unavailable(reason.to_owned())));
    }

    fn deliver(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // A caller that has gone away does not want it any more.
            let _ = self.caller.send(outcome);
        }
    }
}

type Batch = Vec<Box<dyn Job>>;

/// How a lane begins its transactions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    /// Takes the write lock at once.
    Write,
    /// Reads one snapshot.
    Read,
}

/// The sending end of a lane. The thread ends when it is dropped and the queue is empty.
pub(super) struct Lane {
    /// `None` only while the lane is being dropped.
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

/// Waits for the thread, so that its connection is closed when the lane is gone: the last connection that
/// is closed leaves one whole file behind.
impl Drop for Lane {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("a database thread has panicked");
        }
    }
}

impl Lane {
    /// Starts the thread. Must be called inside a tokio runtime.
    pub(super) fn start(name: &str, mode: Mode, link: Link, shared: Shared) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let (done, mut finished) = mpsc::unbounded_channel::<Batch>();
        tokio::spawn(async move {
            while let Some(batch) = finished.recv().await {
                for job in batch {
                    job.deliver();
                }
            }
        });
        let worker = Worker { mode, link, shared, jobs, done, failing: false };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || worker.run())?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Queues a piece of work and waits for its outcome. The work may run more than once: when its batch
    /// has to be rolled back, it runs again alone.
    pub(super) async fn run<F, R>(&self, work: F) -> Result<R, StoreError>
    where
        F: FnMut(&Session<'_>) -> Result<R, Fault> + Send + 'static,
        R: Send + 'static,
    {
        let (caller, outcome) = oneshot::channel();
        let task = Box::new(Task { work, outcome: None, caller });
        let gone = || StoreError::Unavailable("the database thread has stopped".to_owned());
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.try_send(task).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Unavailable("too much work is waiting".to_owned()),
            TrySendError::Disconnected(_) => gone(),
        })?;
        outcome.await.unwrap_or_else(|_| Err(gone()))
    }
}

struct Worker {
    mode: Mode,
    link: Link,
    shared: Shared,
    jobs: Receiver<Box<dyn Job>>,
    done: mpsc::UnboundedSender<Batch>,
    /// The last transaction failed; it is in the log, and the next failure need not be.
    failing: bool,
}

impl Worker {
    fn run(mut self) {
        let mut batch = Batch::new();
        self.link.rest();
        while let Ok(first) = self.jobs.recv() {
            batch.push(first);
            batch.extend(self.jobs.try_iter().take(BATCH - 1));
            if !self.together(&mut batch) {
                for job in &mut batch {
                    self.alone(&mut **job);
                }
            }
            self.link.rest();
            if self.done.send(mem::take(&mut batch)).is_err() {
                return;
            }
        }
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
    let outcome = match work(&Session::new(connection, shared)) {
        Ok(true) => execute("COMMIT").map(|()| true),
        other => other,
    };
    if !matches!(outcome, Ok(true)) && !connection.is_autocommit() {
        execute("ROLLBACK")?;
    }
    outcome
}
