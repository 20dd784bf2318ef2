//! Invites on which a claim was refused a moment ago.
//!
//! A link that is used up and goes on being tried is refused again and again. Such a claim is asked for the
//! reason before it is tried, so that it costs the host's batches nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use vestibule_core::InviteId;

/// How long a refusal is remembered.
const LIFE: Duration = Duration::from_secs(10);

/// So many are remembered at the most; more begin anew.
const MOST: usize = 10_000;

/// Invites on which a claim was refused a moment ago. Decides nothing but the order in which things are tried.
#[derive(Debug, Default)]
pub(crate) struct RecentRefusals(Mutex<HashMap<InviteId, Instant>>);

impl RecentRefusals {
    /// Whether a claim on this invite was refused a moment ago.
    pub(crate) fn holds(&self, invite: InviteId) -> bool {
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
