//! A lane: one thread, one connection, and a queue of work that is done in batches.
//!
//! All work that has queued up while the last batch was on its way to the disk becomes the next one: one
//! transaction, one sync. The finished batch goes back to the runtime in one message, and a task there
//! wakes the callers. Waking each of them from here would cost more than the work itself.
//!
//! Reading is so quick that hardly anything would queue up meanwhile. So what asks to read at the same time is
//! gathered on the runtime first, until every task that can go on has had its turn.

use std::{
    io, mem,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
};

use tokio::{
    sync::{mpsc, oneshot},
    task::yield_now,
};
use vestibule_core::StoreError;

use super::{
    checkpointer::checkpoint_trigger,
    connect::Role,
    job::{Batch, EngineError, Job, JobFailure, Task},
    job_runner::JobRunner,
    managed_connection::ManagedConnection,
    transaction::{EngineContext, Transaction},
};
use crate::supervised::{AbortOnPanic, spawn_supervised};

/// The most work that may wait, or batches of what was gathered. More is refused at once: it would only time out
/// later.
const QUEUE_CAPACITY: usize = 8192;

/// The sending end of a lane. Its threads end when it is dropped and the queue is empty.
pub(super) struct DatabaseThread {
    /// `None` only while the lane is being dropped.
    queue: Option<Arc<JobQueue>>,
    threads: Vec<JoinHandle<()>>,
    stopping: Arc<AtomicBool>,
}

/// Where work comes in.
struct JobQueue {
    mode: Role,
    queue: SyncSender<Batch>,
    /// AnyItem that wants to read, until it is handed on.
    pending_reads: Mutex<Batch>,
}

/// Waits for the threads, so that their connections are closed when the lane is gone: the last connection
/// that is closed leaves one whole file behind.
impl Drop for DatabaseThread {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            // A panic in it has ended the process.
            let _ = thread.join();
        }
    }
}

impl DatabaseThread {
    /// Starts a lane that reads. Must be called inside a tokio runtime.
    pub(super) fn reader(
        name: &'static str,
        connection: ManagedConnection,
        engine: EngineContext,
    ) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE_CAPACITY);
        let done = deliver_on_runtime();
        let stopping = Arc::<AtomicBool>::default();
        let worker = JobRunner {
            mode: Role::Reader,
            connection,
            engine,
            jobs,
            done,
            checkpoint_trigger: None,
            health: Arc::default(),
            stopping: Arc::clone(&stopping),
        };
        Ok(Self {
            queue: Some(JobQueue::to(queue, Role::Reader)),
            threads: vec![spawn(name, move || worker.run())?],
            stopping,
        })
    }

    /// Starts the lane that writes, and a thread that folds the journal in. Must be called inside a tokio
    /// runtime.
    pub(super) fn writer(
        database: &Path,
        connection: ManagedConnection,
        engine: EngineContext,
    ) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE_CAPACITY);
        let (checkpoint_trigger, checkpointer) = checkpoint_trigger(database, &engine.options.observer);
        let stopping = Arc::<AtomicBool>::default();
        let health = Arc::clone(&engine.health);
        let worker = JobRunner {
            mode: Role::Writer,
            connection,
            engine,
            jobs,
            done: deliver_on_runtime(),
            checkpoint_trigger: Some(checkpoint_trigger),
            health,
            stopping: Arc::clone(&stopping),
        };
        let threads = vec![
            spawn("store-writer", move || worker.run())?,
            spawn("store-folder", move || checkpointer.run())?,
        ];
        Ok(Self { queue: Some(JobQueue::to(queue, Role::Writer)), threads, stopping })
    }

    /// Queues a piece of work and waits for its outcome. The work may run more than once: when its batch
    /// has to be rolled back, it runs again alone.
    pub(super) async fn run<F, R>(&self, work: F) -> Result<R, StoreError>
    where
        F: FnMut(&Transaction<'_>) -> Result<R, EngineError> + Send + 'static,
        R: Send + 'static,
    {
        let (caller, outcome) = oneshot::channel();
        let gone = || StoreError::Unavailable("the database thread has stopped".to_owned());
        self.queue.as_ref().ok_or_else(gone)?.push(Box::new(Task::new(work, caller)));
        outcome.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl JobQueue {
    fn to(queue: SyncSender<Batch>, mode: Role) -> Arc<Self> {
        Arc::new(Self { mode, queue, pending_reads: Mutex::default() })
    }

    fn push(self: &Arc<Self>, job: Box<dyn Job>) {
        if matches!(self.mode, Role::Writer) {
            return self.send(vec![job]);
        }
        let mut pending_reads = self.pending_reads();
        pending_reads.push(job);
        if pending_reads.len() == 1 {
            drop(pending_reads);
            let queue = Arc::downgrade(self);
            tokio::spawn(async move {
                yield_now().await;
                // Where the lane is gone, so is what was gathered.
                if let Some(queue) = queue.upgrade() {
                    let batch = mem::take(&mut *queue.pending_reads());
                    queue.send(batch);
                }
            });
        }
    }

    fn pending_reads(&self) -> MutexGuard<'_, Batch> {
        self.pending_reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, batch: Batch) {
        let (batch, failure) = match self.queue.try_send(batch) {
            Ok(()) => return,
            Err(TrySendError::Full(batch)) => {
                (batch, JobFailure::Busy("too much work is waiting".to_owned()))
            }
            Err(TrySendError::Disconnected(batch)) => {
                (batch, JobFailure::Unavailable("the database thread has stopped".to_owned()))
            }
        };
        for mut job in batch {
            job.fail(&failure);
            job.deliver();
        }
    }
}

/// A task on the runtime that hands batches out to their callers.
fn deliver_on_runtime() -> mpsc::UnboundedSender<Batch> {
    let (done, mut finished) = mpsc::unbounded_channel::<Batch>();
    spawn_supervised("the hand-over of batches", async move {
        while let Some(batch) = finished.recv().await {
            for job in batch {
                job.deliver();
            }
        }
    });
    done
}

fn spawn(name: &'static str, run: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        let guard = AbortOnPanic(name);
        run();
        drop(guard);
    })
}
