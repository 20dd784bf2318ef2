//! Invites on which a claim was refused recently.
//!
//! A used-up link may be tried repeatedly. The reason of such a refusal is read before the claim is attempted, so that
//! it costs the writer nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use vestibule_core::InviteId;

/// Time during which a refusal is cached.
const CACHE_TIME: Duration = Duration::from_secs(10);

/// Cache capacity; the cache is cleared when full.
const CAPACITY: usize = 10_000;

/// Invites on which a claim was refused recently. This only decides the order of attempts.
#[derive(Debug, Default)]
pub(crate) struct RecentRefusals(Mutex<HashMap<InviteId, Instant>>);

impl RecentRefusals {
    /// Whether a claim on this invite was refused recently.
    pub(crate) fn contains(&self, invite: InviteId) -> bool {
        self.lock().get(&invite).is_some_and(|at| at.elapsed() < CACHE_TIME)
    }

    /// Records a refusal.
    pub(crate) fn note(&self, invite: InviteId) {
        let mut refused = self.lock();
        if refused.len() >= CAPACITY {
            refused.clear();
        }
        refused.insert(invite, Instant::now());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<InviteId, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
