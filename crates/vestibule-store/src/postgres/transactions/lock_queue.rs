//! Queues for the locks of hosts and rates, in which transactions wait without a connection.
//!
//! Changes of one host run one after another. A waiting change must not hold a connection, or one locked host would use
//! up the connections of all.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::postgres::error::EngineError;

/// Maximum time that a transaction waits for the lock of its host.
pub(in crate::postgres) const LOCK_WAIT: Duration = Duration::from_secs(4);

/// Maximum number of concurrent reads of refusal reasons. A flood of refusals waits here and takes no connections from
/// other work.
const MAX_REFUSAL_READS: usize = 4;

/// The same for one host, so that other hosts need not wait for its flood.
const MAX_REFUSAL_READS_OF_HOST: usize = 2;

/// An object that one transaction at a time changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::postgres) enum LockTarget {
    /// A host by its number.
    Host(i64),
    /// The rate of a key by its id.
    Rate(String),
}

/// Permission to take a lock. Dropping it wakes the next waiter.
pub(in crate::postgres) type LockPermit = OwnedMutexGuard<()>;

/// Permission to read the reason of a refusal.
pub(in crate::postgres) struct RefusalPermit<'a> {
    _of_host: OwnedSemaphorePermit,
    _of_node: SemaphorePermit<'a>,
}

/// Waiters by lock.
pub(in crate::postgres) struct LockQueue {
    targets: Mutex<HashMap<LockTarget, Weak<AsyncMutex<()>>>>,
    /// Locks that another process held at the last attempt.
    held: Mutex<HashSet<LockTarget>>,
    /// Attempts to take held locks: one at a time, so that any number of them uses one connection.
    attempts: Semaphore,
    refusal_reads: Semaphore,
    /// By the numbers of hosts.
    refusal_reads_of_hosts: Mutex<HashMap<i64, Weak<Semaphore>>>,
}

impl Default for LockQueue {
    fn default() -> Self {
        Self {
            targets: Mutex::default(),
            held: Mutex::default(),
            attempts: Semaphore::new(1),
            refusal_reads: Semaphore::new(MAX_REFUSAL_READS),
            refusal_reads_of_hosts: Mutex::default(),
        }
    }
}

impl LockQueue {
    /// Waits for the permit of a lock, for [`LOCK_WAIT`] at most.
    pub(in crate::postgres) async fn of(&self, target: LockTarget) -> Result<LockPermit, EngineError> {
        let permit = shared(&mut lock(&self.targets), target, AsyncMutex::default);
        let busy = |_| EngineError::Busy("too many other changes of this host are waiting".to_owned());
        timeout(LOCK_WAIT, permit.lock_owned()).await.map_err(busy)
    }

    /// The permit for an attempt to take these locks; none is needed unless one of them is known to be held.
    pub(in crate::postgres) async fn attempt(&self, targets: &[LockTarget]) -> Option<SemaphorePermit<'_>> {
        let is_held = {
            let held = lock(&self.held);
            targets.iter().any(|target| held.contains(target))
        };
        // The semaphore is never closed.
        if is_held { self.attempts.acquire().await.ok() } else { None }
    }

    /// Records whether these locks were held.
    pub(in crate::postgres) fn note(&self, targets: &[LockTarget], is_held: bool) {
        let mut held = lock(&self.held);
        for target in targets {
            if is_held {
                held.insert(target.clone());
            } else {
                held.remove(target);
            }
        }
    }

    /// Waits for the permit to read the reason of a refusal of a host, for [`LOCK_WAIT`] at most.
    pub(in crate::postgres) async fn refusal_read(
        &self,
        host: i64,
    ) -> Result<RefusalPermit<'_>, EngineError> {
        let of_host = shared(&mut lock(&self.refusal_reads_of_hosts), host, || {
            Semaphore::new(MAX_REFUSAL_READS_OF_HOST)
        });
        let permits = async {
            // The semaphores are never closed.
            let of_host = of_host.acquire_owned().await.ok()?;
            Some(RefusalPermit { _of_host: of_host, _of_node: self.refusal_reads.acquire().await.ok()? })
        };
        let busy = || EngineError::Busy("too many refusals are being processed".to_owned());
        timeout(LOCK_WAIT, permits).await.ok().flatten().ok_or_else(busy)
    }
}

/// The entry of a key, which lives as long as it has a holder or waiter.
fn shared<K: Eq + Hash, V>(entries: &mut HashMap<K, Weak<V>>, key: K, new: impl FnOnce() -> V) -> Arc<V> {
    entries.get(&key).and_then(Weak::upgrade).unwrap_or_else(|| {
        if entries.len() >= entries.capacity().max(64) {
            entries.retain(|_, entry| entry.strong_count() > 0);
        }
        let entry = Arc::new(new());
        entries.insert(key, Arc::downgrade(&entry));
        entry
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn refusals_of_one_host_leave_permits_for_another() {
        let queue = LockQueue::default();
        let mut flood = Vec::new();
        for _ in 0..MAX_REFUSAL_READS_OF_HOST {
            flood.push(queue.refusal_read(1).await.unwrap());
        }
        let mut waiting = Box::pin(queue.refusal_read(1));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        let other = queue.refusal_read(2).await.unwrap();
        assert!(futures_util::poll!(&mut waiting).is_pending());
        flood.pop();
        assert!(waiting.await.is_ok());
        drop(other);
    }
}
