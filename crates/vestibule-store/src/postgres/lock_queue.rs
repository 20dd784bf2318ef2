//! Waiting for a host or a key before a connection is taken.
//!
//! Changes of one host happen one after the other in any case. Whatever waits for that must not hold a
//! connection meanwhile, or one host that is held would use up the connections of all.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore, SemaphorePermit},
    time::timeout,
};

use super::engine_error::EngineError;

/// How long work waits for its turn, and for the lock of its host.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(4);

/// Reads beside each other that find out why something was refused. A flood of refusals waits here, and
/// takes neither connections nor processors from anything else.
const MAX_REFUSAL_READS: usize = 2;

/// What is changed by one piece of work at a time, beside the batches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// A host, by its number.
    Host(i64),
    /// The rate of a key, by its id.
    Rate(String),
}

/// The turn of a piece of work. The next one begins when it is dropped.
pub(super) type LockPermit = OwnedMutexGuard<()>;

/// Who waits for what.
pub(super) struct LockQueue {
    subjects: Mutex<HashMap<Subject, Weak<AsyncMutex<()>>>>,
    /// Hosts and rates whose lock somebody else held when it was last asked for.
    held: Mutex<HashSet<Subject>>,
    /// LockAttempts to lock what was held: one at a time, so that any number of held hosts and rates takes one
    /// connection.
    attempts: Semaphore,
    reasons: Semaphore,
}

impl Default for LockQueue {
    fn default() -> Self {
        Self {
            subjects: Mutex::default(),
            held: Mutex::default(),
            attempts: Semaphore::new(1),
            reasons: Semaphore::new(MAX_REFUSAL_READS),
        }
    }
}

impl LockQueue {
    /// Waits for the turn at a subject, for [`LOCK_WAIT`] at most.
    pub(super) async fn of(&self, subject: Subject) -> Result<LockPermit, EngineError> {
        let permit = {
            let mut subjects = lock(&self.subjects);
            let cached = subjects.get(&subject).and_then(Weak::upgrade);
            cached.unwrap_or_else(|| {
                // Those that nobody waits for any more are forgotten, now and then.
                if subjects.len() >= subjects.capacity().max(64) {
                    subjects.retain(|_, permit| permit.strong_count() > 0);
                }
                let permit = Arc::new(AsyncMutex::new(()));
                subjects.insert(subject, Arc::downgrade(&permit));
                permit
            })
        };
        let busy = |_| EngineError::Busy("too many other changes of this host are waiting".to_owned());
        timeout(LOCK_WAIT, permit.lock_owned()).await.map_err(busy)
    }

    /// What an attempt to lock these must hold: nothing, unless one of them is known to be held.
    pub(super) async fn attempt(&self, subjects: &[Subject]) -> Option<SemaphorePermit<'_>> {
        let is_held = {
            let held = lock(&self.held);
            subjects.iter().any(|subject| held.contains(subject))
        };
        // The semaphore is never closed.
        if is_held { self.attempts.acquire().await.ok() } else { None }
    }

    /// Notes whether these were held.
    pub(super) fn note(&self, subjects: &[Subject], is_held: bool) {
        let mut held = lock(&self.held);
        for subject in subjects {
            if is_held {
                held.insert(subject.clone());
            } else {
                held.remove(subject);
            }
        }
    }

    /// Waits for the turn to find out why something was refused.
    pub(super) async fn reason(&self) -> Result<SemaphorePermit<'_>, EngineError> {
        let busy = || EngineError::Busy("too many refusals are waiting for their reason".to_owned());
        timeout(LOCK_WAIT, self.reasons.acquire()).await.ok().and_then(Result::ok).ok_or_else(busy)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
