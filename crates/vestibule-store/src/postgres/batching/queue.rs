//! The queue of items, by host.
//!
//! Batches of one host run one after another, so items that arrive during a batch wait for the next. Hosts are
//! independent of each other.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::item::AnyItem;
use crate::postgres::error::EngineError;

/// Maximum number of items in one transaction, which keeps commits short.
const MAX_BATCH: usize = 512;

/// Maximum number of queued items. Others are refused at once, because they would only time out later.
const CAPACITY: usize = 8192;

/// Maximum time in the queue. The caller has given up by then.
const MAX_WAIT: Duration = Duration::from_secs(8);

/// The queued items.
#[derive(Default)]
pub(super) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    /// Items by host. A host has an entry while a task runs its batches.
    waiting: HashMap<i64, VecDeque<AnyItem>>,
    count: usize,
}

impl Queue {
    /// Queues an item of a host. Returns `true` if no task runs the batches of that host, so the caller must start one.
    pub(super) fn push(&self, host: i64, work: AnyItem) -> Result<bool, EngineError> {
        let mut state = self.lock();
        if state.count == CAPACITY {
            return Err(EngineError::Busy("the queue is full".to_owned()));
        }
        state.count += 1;
        let idle = !state.waiting.contains_key(&host);
        state.waiting.entry(host).or_default().push_back(work);
        Ok(idle)
    }

    /// The next batch of a host. `None` if its queue is empty; then the next push starts a task.
    pub(super) fn take(&self, host: i64) -> Option<Vec<AnyItem>> {
        loop {
            let mut state = self.lock();
            let waiting = state.waiting.get_mut(&host)?;
            if waiting.is_empty() {
                state.waiting.remove(&host);
                return None;
            }
            let count = waiting.len().min(MAX_BATCH);
            let batch: Vec<_> = waiting.drain(..count).collect();
            state.count -= count;
            drop(state);
            let now = Instant::now();
            let late = |work: &AnyItem| now.saturating_duration_since(work.queued_at()) > MAX_WAIT;
            let (late, batch): (Vec<_>, Vec<_>) = batch.into_iter().partition(late);
            let busy = EngineError::Busy("the queue of this host is too long".to_owned());
            for work in late {
                work.refuse(&busy);
            }
            if !batch.is_empty() {
                return Some(batch);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
