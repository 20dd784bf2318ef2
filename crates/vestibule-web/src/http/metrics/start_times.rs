//! When the requests in flight began.

use std::{
    array,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Instant,
};

use slab::Slab;

/// The start times of the requests in flight, spread over several locks, so that requests of different threads seldom
/// wait for each other.
#[derive(Debug)]
pub(super) struct StartTimes {
    next_shard: AtomicUsize,
    shards: [Mutex<Slab<Instant>>; SHARDS],
}

const SHARDS: usize = 16;

/// A request in flight. Removed with [`StartTimes::remove`].
#[derive(Debug)]
pub(crate) struct StartTimeKey {
    shard: usize,
    key: usize,
}

impl StartTimes {
    pub(super) fn new() -> Self {
        Self { next_shard: AtomicUsize::new(0), shards: array::from_fn(|_| Mutex::default()) }
    }

    pub(super) fn insert(&self, begun: Instant) -> StartTimeKey {
        let shard = self.next_shard.fetch_add(1, Relaxed) % SHARDS;
        StartTimeKey { shard, key: lock(&self.shards[shard]).insert(begun) }
    }

    pub(super) fn remove(&self, StartTimeKey { shard, key }: &StartTimeKey) {
        lock(&self.shards[*shard]).try_remove(*key);
    }

    /// The start of the oldest request in flight.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.shards.iter().filter_map(|shard| lock(shard).iter().map(|(_, begun)| *begun).min()).min()
    }
}

fn lock(shard: &Mutex<Slab<Instant>>) -> MutexGuard<'_, Slab<Instant>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_oldest_request_in_flight_is_found() {
        let times = StartTimes::new();
        let start = Instant::now();
        assert_eq!(times.oldest(), None);
        let keys: Vec<_> = (0..100).map(|n| times.insert(start + Duration::from_secs(100 - n))).collect();
        assert_eq!(times.oldest(), Some(start + Duration::from_secs(1)));
        times.remove(&keys[99]);
        assert_eq!(times.oldest(), Some(start + Duration::from_secs(2)));
        for key in &keys[..99] {
            times.remove(key);
        }
        assert_eq!(times.oldest(), None);
    }
}
