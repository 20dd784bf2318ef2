//! The lanes: what has queued up while the last batch of a host was on its way to the disk is the next one.
//!
//! A batch is one transaction, sent in one go: its begin with the lock, its statements, its commit. So a mint
//! costs one way to the database and back, and one sync is shared by all that came meanwhile.

use std::{sync::Arc, time::Instant};

use tokio::sync::oneshot;

use super::{
    batch,
    batch_statement::BatchStatement,
    caller::Caller,
    engine_context::EngineContext,
    engine_error::EngineError,
    item::{Batch, Item},
    lock_queue::Subject,
    queue::Queue,
    transaction::LockAttempts,
};
use crate::supervised::spawn_supervised;

/// The sending end.
pub(super) struct Batcher {
    engine: Arc<EngineContext>,
    queue: Arc<Queue>,
}

impl Batcher {
    pub(super) fn new(engine: &Arc<EngineContext>) -> Self {
        Self { engine: Arc::clone(engine), queue: Arc::default() }
    }

    /// Queues a piece of work. `None` where it was left alone: it is to be tried again on its own.
    pub(super) async fn submit<O: BatchStatement>(
        &self,
        op: O,
        caller: &Caller,
    ) -> Result<Option<O::Answer>, EngineError> {
        let (reply, answer) = oneshot::channel();
        let item = Box::new(Item::new(op, caller.clone(), reply));
        let host = caller.host_number;
        let pushed =
            self.queue.push(host, O::WORK(item)).inspect_err(|fault| self.engine.note_failure(fault));
        if pushed? {
            let (engine, queue) = (Arc::clone(&self.engine), Arc::clone(&self.queue));
            spawn_supervised("a batch", async move {
                while let Some(batch) = queue.take(host) {
                    run(&engine, host, Batch::of(batch)).await;
                }
            });
        }
        answer.await.unwrap_or_else(|_| Err(EngineError::Unavailable("the service is stopping".to_owned())))
    }
}

/// Does a batch, and hands the outcomes out. One that the database rejects is halved until it is known which
/// piece was to blame.
async fn run(engine: &Arc<EngineContext>, host: i64, batch: Batch) {
    let mut stack = vec![batch];
    while let Some(mut batch) = stack.pop() {
        let begun = Instant::now();
        let outcome = attempt(engine, host, &mut batch).await;
        engine.note(&outcome);
        if matches!(outcome, Err(EngineError::Statement(_)))
            && let Some(half) = batch.split()
        {
            stack.extend([half, batch]);
            continue;
        }
        batch::report(engine, &batch, begun, outcome.is_ok());
        batch.deliver(outcome.as_ref().err());
    }
}

/// Tries until the host's lock is free and the clock agrees with the database's.
async fn attempt(engine: &Arc<EngineContext>, host: i64, batch: &mut Batch) -> Result<(), EngineError> {
    let attempts = LockAttempts::new(engine, [Subject::Host(host)]);
    let mut clocks = 0;
    loop {
        let attempt = attempts.next().await?;
        let outcome = batch::together(engine, host, batch).await;
        drop(attempt);
        match attempts.authorize(outcome).await {
            None => {}
            Some(Ok(true)) => return Ok(()),
            // The clock was corrected.
            Some(Ok(false)) if clocks < MAX_CLOCK_RETRIES => clocks += 1,
            Some(Ok(false)) => {
                return Err(EngineError::Unavailable("the database's clock keeps jumping".to_owned()));
            }
            Some(Err(fault)) => return Err(fault),
        }
    }
}

/// How often a batch is tried again whose moment was not the database's.
const MAX_CLOCK_RETRIES: usize = 2;
