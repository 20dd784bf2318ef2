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
    folder::folding,
    job::{Batch, Failure, Fault, Job, Task},
    link::Link,
    session::{Session, Shared},
    worker::{Mode, Worker},
};
use crate::watched::{EndsProcess, watched};

/// The most work that may wait, or batches of what was gathered. More is refused at once: it would only time out
/// later.
const QUEUE: usize = 8192;

/// The sending end of a lane. Its threads end when it is dropped and the queue is empty.
pub(super) struct Lane {
    /// `None` only while the lane is being dropped.
    door: Option<Arc<Door>>,
    threads: Vec<JoinHandle<()>>,
    stopping: Arc<AtomicBool>,
}

/// Where work comes in.
struct Door {
    mode: Mode,
    queue: SyncSender<Batch>,
    /// Work that wants to read, until it is handed on.
    gathered: Mutex<Batch>,
}

/// Waits for the threads, so that their connections are closed when the lane is gone: the last connection
/// that is closed leaves one whole file behind.
impl Drop for Lane {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        drop(self.door.take());
        for thread in self.threads.drain(..) {
            // A panic in it has ended the process.
            let _ = thread.join();
        }
    }
}

impl Lane {
    /// Starts a lane that reads. Must be called inside a tokio runtime.
    pub(super) fn reader(name: &'static str, link: Link, shared: Shared) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let done = deliver_on_runtime();
        let stopping = Arc::<AtomicBool>::default();
        let worker = Worker {
            mode: Mode::Read,
            link,
            shared,
            jobs,
            done,
            folding: None,
            health: Arc::default(),
            stopping: Arc::clone(&stopping),
        };
        Ok(Self {
            door: Some(Door::to(queue, Mode::Read)),
            threads: vec![spawn(name, move || worker.run())?],
            stopping,
        })
    }

    /// Starts the lane that writes, and a thread that folds the journal in. Must be called inside a tokio
    /// runtime.
    pub(super) fn writer(database: &Path, link: Link, shared: Shared) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let (folding, folder) = folding(database, &shared.options.observer);
        let stopping = Arc::<AtomicBool>::default();
        let health = Arc::clone(&shared.health);
        let worker = Worker {
            mode: Mode::Write,
            link,
            shared,
            jobs,
            done: deliver_on_runtime(),
            folding: Some(folding),
            health,
            stopping: Arc::clone(&stopping),
        };
        let threads =
            vec![spawn("store-writer", move || worker.run())?, spawn("store-folder", move || folder.run())?];
        Ok(Self { door: Some(Door::to(queue, Mode::Write)), threads, stopping })
    }

    /// Queues a piece of work and waits for its outcome. The work may run more than once: when its batch
    /// has to be rolled back, it runs again alone.
    pub(super) async fn run<F, R>(&self, work: F) -> Result<R, StoreError>
    where
        F: FnMut(&Session<'_>) -> Result<R, Fault> + Send + 'static,
        R: Send + 'static,
    {
        let (caller, outcome) = oneshot::channel();
        let gone = || StoreError::Unavailable("the database thread has stopped".to_owned());
        self.door.as_ref().ok_or_else(gone)?.enter(Box::new(Task::new(work, caller)));
        outcome.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl Door {
    fn to(queue: SyncSender<Batch>, mode: Mode) -> Arc<Self> {
        Arc::new(Self { mode, queue, gathered: Mutex::default() })
    }

    fn enter(self: &Arc<Self>, job: Box<dyn Job>) {
        if matches!(self.mode, Mode::Write) {
            return self.hand_on(vec![job]);
        }
        let mut gathered = self.gathered();
        gathered.push(job);
        if gathered.len() == 1 {
            drop(gathered);
            let door = Arc::downgrade(self);
            tokio::spawn(async move {
                yield_now().await;
                // Where the lane is gone, so is what was gathered.
                if let Some(door) = door.upgrade() {
                    let batch = mem::take(&mut *door.gathered());
                    door.hand_on(batch);
                }
            });
        }
    }

    fn gathered(&self) -> MutexGuard<'_, Batch> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hand_on(&self, batch: Batch) {
        let (batch, failure) = match self.queue.try_send(batch) {
            Ok(()) => return,
            Err(TrySendError::Full(batch)) => (batch, Failure::Busy("too much work is waiting".to_owned())),
            Err(TrySendError::Disconnected(batch)) => {
                (batch, Failure::Outage("the database thread has stopped".to_owned()))
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
    watched("the hand-over of batches", async move {
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
        let guard = EndsProcess(name);
        run();
        drop(guard);
    })
}
