//! Work that waits for its turn, host by host.
//!
//! A host's changes happen one batch after the other in any case, so while one is under way, what comes for
//! that host gathers for the next. Other hosts go on beside it.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use super::{fault::Fault, work::Work};

/// The most work in one transaction, so that one commit stays short.
const BATCH: usize = 512;

/// The most work that may wait. More is refused at once: it would only time out later.
const MOST: usize = 8192;

/// Work that waits.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    waiting: HashMap<i64, VecDeque<Work>>,
    count: usize,
    /// Hosts that have work waiting and none under way, in the order in which they came.
    ready: VecDeque<i64>,
    /// Hosts that have work under way.
    busy: HashSet<i64>,
}

/// A batch under way. While it is there, no other of its host begins.
pub(super) struct Turn<'a> {
    queue: &'a Queue,
    pub(super) host: i64,
    pub(super) works: Vec<Work>,
}

impl Queue {
    /// Queues a piece of work of a host.
    pub(super) fn push(&self, host: i64, work: Work) -> Result<(), Fault> {
        let mut state = self.lock();
        if state.count == MOST {
            return Err(Fault::Outage("too much work is waiting".to_owned()));
        }
        state.count += 1;
        let waiting = state.waiting.entry(host).or_default();
        waiting.push_back(work);
        if waiting.len() == 1 && !state.busy.contains(&host) {
            state.ready.push_back(host);
            drop(state);
            self.wake.notify_one();
        }
        Ok(())
    }

    /// The next batch, once there is one.
    pub(super) async fn next(&self) -> Turn<'_> {
        loop {
            if let Some(turn) = self.take() {
                return turn;
            }
            self.wake.notified().await;
        }
    }

    fn take(&self) -> Option<Turn<'_>> {
        let mut state = self.lock();
        let host = state.ready.pop_front()?;
        let waiting = state.waiting.get_mut(&host)?;
        let count = waiting.len().min(BATCH);
        let works = waiting.drain(..count).collect();
        if waiting.is_empty() {
            state.waiting.remove(&host);
        }
        state.count -= count;
        state.busy.insert(host);
        // Of several hosts that came at once, no lane may have heard but one.
        if !state.ready.is_empty() {
            self.wake.notify_one();
        }
        Some(Turn { queue: self, host, works })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.busy.remove(&self.host);
        if state.waiting.contains_key(&self.host) {
            state.ready.push_back(self.host);
            drop(state);
            self.queue.wake.notify_one();
        }
    }
}
