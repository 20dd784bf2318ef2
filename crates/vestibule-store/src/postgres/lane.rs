//! The lanes: what has queued up while the last batch of a host was on its way to the disk is the next one.
//!
//! A batch is one transaction, sent in one go: its begin with the lock, its statements, its commit. So a mint
//! costs one way to the database and back, and one sync is shared by all that came meanwhile.

use std::{mem, sync::Arc, time::Instant};

use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use vestibule_core::Invite;

use super::{
    asker::Asker,
    batch,
    fault::Fault,
    mint::Wanted,
    op::Op,
    queue::Queue,
    shared::{LIMIT, Shared},
    work::{Mint, Single, Work},
};

/// Batches beside each other, of as many hosts. PostgreSQL syncs them together.
const LANES: usize = 4;

/// The sending end. The lanes end when it is dropped.
pub(super) struct Lanes {
    queue: Arc<Queue>,
    tasks: Vec<JoinHandle<()>>,
}

impl Lanes {
    /// Starts the lanes. Must be called inside a tokio runtime.
    pub(super) fn start(shared: &Arc<Shared>) -> Self {
        let queue = Arc::new(Queue::default());
        let lane = || tokio::spawn(run(Arc::clone(shared), Arc::clone(&queue)));
        Self { tasks: (0..LANES).map(|_| lane()).collect(), queue }
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
        self.queue.push(work)?;
        answer.await.unwrap_or_else(|_| Err(Fault::Outage("the service is stopping".to_owned())))
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn run(shared: Arc<Shared>, queue: Arc<Queue>) {
    loop {
        let mut turn = queue.next().await;
        let begun = Instant::now();
        let outcome = timeout(LIMIT, batch::together(&shared, &mut turn.works)).await.unwrap_or_else(|_| {
            shared.pool.trip("it does not answer");
            Err(Fault::Outage("the database does not answer".to_owned()))
        });
        batch::report(&shared, &turn.works, begun, outcome.is_ok());
        let works = mem::take(&mut turn.works);
        // The next batch of this host may begin.
        drop(turn);
        for work in works {
            work.deliver(outcome.as_ref().err());
        }
    }
}
