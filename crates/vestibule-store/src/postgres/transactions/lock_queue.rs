//! Queues for the locks of hosts and rates, in which transactions wait without a connection.
//!
//! Changes of one host run one after another. A waiting change must not hold a connection, or one locked host would use
//! up the connections of all.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::postgres::error::EngineError;

/// Maximum time that a transaction waits for the lock of its host.
pub(in crate::postgres) const LOCK_WAIT: Duration = Duration::from_secs(4);

/// Maximum number of concurrent reads of refusal reasons. A flood of refusals waits here and takes no connections from
/// other work.
const MAX_REFUSAL_READS: usize = 2;

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

/// Waiters by lock.
pub(in crate::postgres) struct LockQueue {
    targets: Mutex<HashMap<LockTarget, Weak<AsyncMutex<()>>>>,
    /// Locks that another process held at the last attempt.
    held: Mutex<HashSet<LockTarget>>,
    /// Attempts to take held locks: one at a time, so that any number of them uses one connection.
    attempts: Semaphore,
    refusal_reads: Semaphore,
}

impl Default for LockQueue {
    fn default() -> Self {
        Self {
            targets: Mutex::default(),
            held: Mutex::default(),
            attempts: Semaphore::new(1),
            refusal_reads: Semaphore::new(MAX_REFUSAL_READS),
        }
    }
}

impl LockQueue {
    /// Waits for the permit of a lock, for [`LOCK_WAIT`] at most.
    pub(in crate::postgres) async fn of(&self, target: LockTarget) -> Result<LockPermit, EngineError> {
        let permit = {
            let mut targets = lock(&self.targets);
            let cached = targets.get(&target).and_then(Weak::upgrade);
            cached.unwrap_or_else(|| {
                // Removes entries without waiters.
                if targets.len() >= targets.capacity().max(64) {
                    targets.retain(|_, permit| permit.strong_count() > 0);
                }
                let permit = Arc::new(AsyncMutex::new(()));
                targets.insert(target, Arc::downgrade(&permit));
                permit
            })
        };
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

    /// Waits for the permit to read the reason of a refusal.
    pub(in crate::postgres) async fn refusal_read(&self) -> Result<SemaphorePermit<'_>, EngineError> {
        let busy = || EngineError::Busy("too many refusals are being processed".to_owned());
        timeout(LOCK_WAIT, self.refusal_reads.acquire()).await.ok().and_then(Result::ok).ok_or_else(busy)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
