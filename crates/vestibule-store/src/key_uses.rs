//! When keys were last used, as far as it is not written down yet.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use vestibule_core::{KeyId, Timestamp};

/// What this process has seen. A crash loses a minute of it, which costs less than a write for each
/// request.
#[derive(Debug, Default)]
pub(crate) struct KeyUses(Mutex<HashMap<KeyId, Timestamp>>);

impl KeyUses {
    /// Notes that a key was used.
    pub(crate) fn note(&self, id: &KeyId, now: Timestamp) {
        let mut uses = self.lock();
        match uses.get_mut(id) {
            Some(at) => *at = now.max(*at),
            None => drop(uses.insert(id.clone(), now)),
        }
    }

    /// When a key was last used, where it is not written down yet.
    pub(crate) fn of(&self, id: &KeyId) -> Option<Timestamp> {
        self.lock().get(id).copied()
    }

    /// All that is not written down yet.
    pub(crate) fn unwritten(&self) -> Vec<(KeyId, Timestamp)> {
        self.lock().iter().map(|(id, at)| (id.clone(), *at)).collect()
    }

    /// Forgets what was written, but not what came meanwhile.
    pub(crate) fn written(&self, uses: &[(KeyId, Timestamp)]) {
        let mut left = self.lock();
        for (id, at) in uses {
            if left.get(id) == Some(at) {
                left.remove(id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<KeyId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
