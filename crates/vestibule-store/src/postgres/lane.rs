//! The lanes: what has queued up while the last batch was on its way to the disk is the next one.
//!
//! A batch is one transaction, sent in one go: its begin with the locks, its statements, its commit. So a
//! mint costs one way to the database and back, and one sync is shared by all that came meanwhile.

use std::{sync::Arc, time::Instant};

use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use vestibule_core::Invite;

use super::{
    asker::Asker,
    batch,
    fault::Fault,
    mint::Wanted,
    op::Op,
    shared::{LIMIT, Shared},
    work::{Mint, Single, Work},
};

/// The most work in one transaction, so that one commit stays short.
const BATCH: usize = 512;

/// The most work that may wait. More is refused at once: it would only time out later.
const QUEUE: usize = 8192;

/// Lanes beside each other: while one waits for the disk, another gathers.
const LANES: usize = 2;

/// The sending end. The lanes end when it is dropped and the queue is empty.
pub(super) struct Lanes {
    queue: mpsc::Sender<Work>,
    tasks: Vec<JoinHandle<()>>,
}

impl Lanes {
    /// Starts the lanes. Must be called inside a tokio runtime.
    pub(super) fn start(shared: &Arc<Shared>) -> Self {
        let (queue, works) = mpsc::channel(QUEUE);
        let works = Arc::new(Mutex::new(works));
        let lane = || tokio::spawn(run(Arc::clone(shared), Arc::clone(&works)));
        Self { queue, tasks: (0..LANES).map(|_| lane()).collect() }
    }

    /// Queues work that is one statement. `None` where it took nothing: it is to be tried alone.
    pub(super) async fn offer<O: Op>(&self, op: O, asker: &Asker) -> Result<Option<O::Answer>, Fault> {
        let (caller, answer) = oneshot::channel();
        self.queue(Work::Single(Box::new(Single::new(op, asker.clone(), caller))), answer).await
    }

    /// Queues the minting of one invite. `None` where it was not minted: it is to be tried alone.
    pub(super) async fn mint(&self, wanted: Wanted, asker: &Asker) -> Result<Option<Invite>, Fault> {
        let (caller, answer) = oneshot::channel();
        self.queue(Work::Mint(Box::new(Mint::new(wanted, asker.clone(), caller))), answer).await
    }

    async fn queue<R>(
        &self,
        work: Work,
        answer: oneshot::Receiver<Result<Option<R>, Fault>>,
    ) -> Result<Option<R>, Fault> {
        use mpsc::error::TrySendError::{Closed, Full};
        let gone = || Fault::Outage("the service is stopping".to_owned());
        self.queue.try_send(work).map_err(|error| match error {
            Full(_) => Fault::Outage("too much work is waiting".to_owned()),
            Closed(_) => gone(),
        })?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn run(shared: Arc<Shared>, works: Arc<Mutex<mpsc::Receiver<Work>>>) {
    loop {
        let mut batch = Vec::new();
        if works.lock().await.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let begun = Instant::now();
        let outcome = timeout(LIMIT, batch::together(&shared, &mut batch)).await.unwrap_or_else(|_| {
            shared.pool.trip("it does not answer");
            Err(Fault::Outage("the database does not answer".to_owned()))
        });
        batch::report(&shared, &batch, begun, outcome.is_ok());
        for work in batch {
            work.deliver(outcome.as_ref().err());
        }
    }
}
