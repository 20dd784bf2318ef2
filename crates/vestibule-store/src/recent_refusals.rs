//! Invites on which a claim was refused recently.
//!
//! A used-up link may be tried again and again. For such a claim the reason is read before it is tried, so that it costs
//! the writer nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use vestibule_core::InviteId;

/// How long a refusal is cached.
const LIFE: Duration = Duration::from_secs(10);

/// Cache capacity; the cache is cleared when full.
const MOST: usize = 10_000;

/// Invites on which a claim was refused recently. This only decides the order of attempts.
#[derive(Debug, Default)]
pub(crate) struct RecentRefusals(Mutex<HashMap<InviteId, Instant>>);

impl RecentRefusals {
    /// Whether a claim on this invite was refused recently.
    pub(crate) fn contains(&self, invite: InviteId) -> bool {
        self.lock().get(&invite).is_some_and(|at| at.elapsed() < LIFE)
    }

    /// Notes a refusal.
    pub(crate) fn note(&self, invite: InviteId) {
        let mut refused = self.lock();
        if refused.len() >= MOST {
            refused.clear();
        }
        refused.insert(invite, Instant::now());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<InviteId, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
