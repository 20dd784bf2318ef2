//! The lanes: what has queued up while the last batch of a host was on its way to the disk is the next one.
//!
//! A batch is one transaction, sent in one go: its begin with the lock, its statements, its commit. So a mint
//! costs one way to the database and back, and one sync is shared by all that came meanwhile.

use std::{sync::Arc, time::Instant};

use tokio::sync::oneshot;

use super::{
    asker::Asker,
    batch,
    fault::Fault,
    op::Op,
    queue::Queue,
    session::Attempts,
    shared::Shared,
    turns::Subject,
    work::{Piece, Works},
};
use crate::watched::watched;

/// The sending end.
pub(super) struct Lanes {
    shared: Arc<Shared>,
    queue: Arc<Queue>,
}

impl Lanes {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self { shared: Arc::clone(shared), queue: Arc::default() }
    }

    /// Queues a piece of work. `None` where it was left alone: it is to be tried again on its own.
    pub(super) async fn offer<O: Op>(&self, op: O, asker: &Asker) -> Result<Option<O::Answer>, Fault> {
        let (caller, answer) = oneshot::channel();
        let piece = Box::new(Piece::new(op, asker.clone(), caller));
        let host = asker.host_number;
        let pushed =
            self.queue.push(host, O::WORK(piece)).inspect_err(|fault| self.shared.note_failure(fault));
        if pushed? {
            let (shared, queue) = (Arc::clone(&self.shared), Arc::clone(&self.queue));
            watched("a batch", async move {
                while let Some(works) = queue.take(host) {
                    run(&shared, host, Works::of(works)).await;
                }
            });
        }
        answer.await.unwrap_or_else(|_| Err(Fault::Outage("the service is stopping".to_owned())))
    }
}

/// Does a batch, and hands the outcomes out. One that the database rejects is halved until it is known which
/// piece was to blame.
async fn run(shared: &Arc<Shared>, host: i64, works: Works) {
    let mut stack = vec![works];
    while let Some(mut works) = stack.pop() {
        let begun = Instant::now();
        let outcome = attempt(shared, host, &mut works).await;
        shared.note(&outcome);
        if matches!(outcome, Err(Fault::Statement(_)))
            && let Some(half) = works.split()
        {
            stack.extend([half, works]);
            continue;
        }
        batch::report(shared, &works, begun, outcome.is_ok());
        works.deliver(outcome.as_ref().err());
    }
}

/// Tries until the host's lock is free and the clock agrees with the database's.
async fn attempt(shared: &Arc<Shared>, host: i64, works: &mut Works) -> Result<(), Fault> {
    let attempts = Attempts::new(shared, [Subject::Host(host)]);
    let mut clocks = 0;
    loop {
        let attempt = attempts.next().await?;
        let outcome = batch::together(shared, host, works).await;
        drop(attempt);
        match attempts.judge(outcome).await {
            None => {}
            Some(Ok(true)) => return Ok(()),
            // The clock was corrected.
            Some(Ok(false)) if clocks < CLOCKS => clocks += 1,
            Some(Ok(false)) => return Err(Fault::Outage("the database's clock keeps jumping".to_owned())),
            Some(Err(fault)) => return Err(fault),
        }
    }
}

/// How often a batch is tried again whose moment was not the database's.
const CLOCKS: usize = 2;
