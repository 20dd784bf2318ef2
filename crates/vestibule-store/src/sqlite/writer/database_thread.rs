//! A database thread: one thread, one connection, and a queue of jobs that run in batches.
//!
//! Jobs that queue up while a batch is being committed become the next batch: one transaction, one sync. The finished
//! batch returns to the runtime in one message, and a task there wakes the callers; waking each of them from the thread
//! would cost more than the jobs.
//!
//! Reads are too quick to queue up, so concurrent reads are coalesced: the first read yields once to the scheduler,
//! then all reads queued by then are sent to the thread as one batch.

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
    job::{Batch, Job, JobFailure, Task},
    job_runner::JobRunner,
};
use crate::{
    sqlite::{
        connections::{checkpointer::checkpointer, connect::Role, managed_connection::ManagedConnection},
        error::EngineError,
        transaction::{EngineContext, Transaction},
    },
    supervised::{AbortOnPanic, spawn_supervised},
};

/// Maximum number of queued jobs or batches of reads. Others are refused at once, because they would time out later.
const QUEUE_CAPACITY: usize = 8192;

/// The handle to a database thread. The thread ends when the handle is dropped and the queue is empty.
pub(in crate::sqlite) struct DatabaseThread {
    /// `None` only during the drop.
    queue: Option<Arc<JobQueue>>,
    threads: Vec<JoinHandle<()>>,
    stopping: Arc<AtomicBool>,
}

/// The queue of a thread.
struct JobQueue {
    mode: Role,
    queue: SyncSender<Batch>,
    /// Reads that wait to be sent as one batch.
    pending_reads: Mutex<Batch>,
}

/// Waits for the threads, so that their connections are closed afterwards: closing the last connection checkpoints the
/// WAL and removes it.
impl Drop for DatabaseThread {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            // A panic of the thread has ended the process.
            let _ = thread.join();
        }
    }
}

impl DatabaseThread {
    /// Starts a reader. Must be called inside a tokio runtime.
    pub(in crate::sqlite) fn reader(
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

    /// Starts the writer and the checkpointer. Must be called inside a tokio runtime.
    pub(in crate::sqlite) fn writer(
        database: &Path,
        connection: ManagedConnection,
        engine: EngineContext,
    ) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE_CAPACITY);
        let (checkpoint_trigger, checkpointer) = checkpointer(database, &engine.options.observer);
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
            spawn("store-checkpointer", move || checkpointer.run())?,
        ];
        Ok(Self { queue: Some(JobQueue::to(queue, Role::Writer)), threads, stopping })
    }

    /// Queues a job and waits for its outcome. A job runs again, alone, if its batch is rolled back.
    pub(in crate::sqlite) async fn run<F, R>(&self, work: F) -> Result<R, StoreError>
    where
        F: FnMut(&Transaction<'_>) -> Result<R, EngineError> + Send + 'static,
        R: Send + 'static,
    {
        let (reply, outcome) = oneshot::channel();
        let gone = || StoreError::Unavailable("the database thread has stopped".to_owned());
        self.queue.as_ref().ok_or_else(gone)?.push(Box::new(Task::new(work, reply)));
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
                // If the thread has ended, so have the reads.
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
            Err(TrySendError::Full(batch)) => (batch, JobFailure::Busy("the queue is full".to_owned())),
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

/// Starts a task that delivers the outcomes of batches.
fn deliver_on_runtime() -> mpsc::UnboundedSender<Batch> {
    let (done, mut finished) = mpsc::unbounded_channel::<Batch>();
    spawn_supervised("the delivery of batches", async move {
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
