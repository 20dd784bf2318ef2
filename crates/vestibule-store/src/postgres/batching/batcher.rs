//! The batcher: items of a host that queue up while a batch is being committed become the next batch.
//!
//! A batch is one pipelined transaction: the begin with the lock, the statements, and the commit. So an item costs
//! one round trip, and concurrent items share one sync.

use std::{sync::Arc, time::Instant};

use tokio::sync::oneshot;

use super::{
    item::{Batch, Item, ItemKind},
    queue::Queue,
    send,
};
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{engine::EngineContext, lock_queue::LockTarget, transaction::LockAttempts},
    },
    supervised::spawn_supervised,
};

/// The handle to the queue.
pub(in crate::postgres) struct Batcher {
    engine: Arc<EngineContext>,
    queue: Arc<Queue>,
}

impl Batcher {
    pub(in crate::postgres) fn new(engine: &Arc<EngineContext>) -> Self {
        Self { engine: Arc::clone(engine), queue: Arc::default() }
    }

    /// Queues an item. `None` if the statement skipped it.
    pub(in crate::postgres) async fn submit<O: ItemKind>(
        &self,
        op: O,
        caller: &Caller,
    ) -> Result<Option<O::Answer>, EngineError> {
        let (reply, answer) = oneshot::channel();
        let item = Box::new(Item::new(op, caller.clone(), reply));
        let host = caller.host_number;
        let pushed =
            self.queue.push(host, O::wrap(item)).inspect_err(|fault| self.engine.note_failure(fault));
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

/// Runs a batch and sends the outcomes. A batch that the database rejects is halved until the rejected item is alone.
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
        send::report(engine, &batch, begun, outcome.is_ok());
        batch.deliver(outcome.as_ref().err());
    }
}

/// Retries until the lock of the host is free and the clocks agree.
async fn attempt(engine: &Arc<EngineContext>, host: i64, batch: &mut Batch) -> Result<(), EngineError> {
    let attempts = LockAttempts::new(engine, [LockTarget::Host(host)]);
    let mut clocks = 0;
    loop {
        let attempt = attempts.next().await?;
        let outcome = send::run_batch(engine, host, batch).await;
        drop(attempt);
        match attempts.finish(outcome).await {
            None => {}
            Some(Ok(true)) => return Ok(()),
            // The clock was corrected.
            Some(Ok(false)) if clocks < MAX_CLOCK_RETRIES => clocks += 1,
            Some(Ok(false)) => {
                return Err(EngineError::Unavailable("the database's clock keeps changing".to_owned()));
            }
            Some(Err(fault)) => return Err(fault),
        }
    }
}

/// Retries after a correction of the clock.
const MAX_CLOCK_RETRIES: usize = 2;
