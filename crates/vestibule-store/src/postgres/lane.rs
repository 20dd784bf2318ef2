//! The lanes: what has queued up while the last batch of a host was on its way to the disk is the next one.
//!
//! A batch is one transaction, sent in one go: its begin with the lock, its statements, its commit. So a mint
//! costs one way to the database and back, and one sync is shared by all that came meanwhile.

use std::{mem, sync::Arc, time::Instant};

use tokio::{sync::oneshot, task::JoinHandle, time::timeout};

use super::{
    asker::Asker,
    batch,
    fault::Fault,
    op::Op,
    queue::Queue,
    shared::{LIMIT, Shared},
    work::{Piece, Works},
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

    /// Queues a piece of work. `None` where it was left alone: it is to be tried again on its own.
    pub(super) async fn offer<O: Op>(&self, op: O, asker: &Asker) -> Result<Option<O::Answer>, Fault> {
        let (caller, answer) = oneshot::channel();
        let piece = Box::new(Piece::new(op, asker.clone(), caller));
        self.queue.push(asker.host_number, O::WORK(piece))?;
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
        let mut works = Works::of(mem::take(&mut turn.works));
        let doing = batch::together(&shared, turn.host, &mut works);
        let outcome = timeout(LIMIT, doing).await.unwrap_or_else(|_| {
            shared.pool.trip("it does not answer");
            Err(Fault::Outage("the database does not answer".to_owned()))
        });
        batch::report(&shared, &works, begun, outcome.is_ok());
        // The next batch of this host may begin.
        drop(turn);
        works.groups().into_iter().for_each(|group| group.deliver(outcome.as_ref().err()));
    }
}
