//! AnyItem that waits for its turn, host by host.
//!
//! A host's changes happen one batch after the other in any case, so while one is under way, what comes for
//! that host gathers for the next. Other hosts go on beside it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{engine_error::EngineError, item::AnyItem};

/// The most work in one transaction, so that one commit stays short.
const BATCH: usize = 512;

/// The most work that may wait. More is refused at once: it would only time out later.
const MOST: usize = 8192;

/// How long work waits for its batch. Whoever asked has gone by then, or will soon.
const WAIT: Duration = Duration::from_secs(8);

/// AnyItem that waits.
#[derive(Default)]
pub(super) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    /// By host; a host is there while somebody does its work.
    waiting: HashMap<i64, VecDeque<AnyItem>>,
    count: usize,
}

impl Queue {
    /// Queues a piece of work of a host. `true`: nobody does that host's work yet, so the caller must see to it.
    pub(super) fn push(&self, host: i64, work: AnyItem) -> Result<bool, EngineError> {
        let mut state = self.lock();
        if state.count == MOST {
            return Err(EngineError::Busy("too much work is waiting".to_owned()));
        }
        state.count += 1;
        let idle = !state.waiting.contains_key(&host);
        state.waiting.entry(host).or_default().push_back(work);
        Ok(idle)
    }

    /// The next batch of a host. `None`: there is nothing left, and whoever pushes next must see to it.
    pub(super) fn take(&self, host: i64) -> Option<Vec<AnyItem>> {
        loop {
            let mut state = self.lock();
            let waiting = state.waiting.get_mut(&host)?;
            if waiting.is_empty() {
                state.waiting.remove(&host);
                return None;
            }
            let count = waiting.len().min(BATCH);
            let batch: Vec<_> = waiting.drain(..count).collect();
            state.count -= count;
            drop(state);
            let now = Instant::now();
            let late = |work: &AnyItem| now.saturating_duration_since(work.queued_at()) > WAIT;
            let (late, batch): (Vec<_>, Vec<_>) = batch.into_iter().partition(late);
            let busy = EngineError::Busy("too much other work of this host came before".to_owned());
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
