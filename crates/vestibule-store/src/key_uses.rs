//! Last uses of keys that are not stored yet.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use vestibule_core::{KeyId, Timestamp};

/// The last uses in this process. A crash loses a minute of them, which costs less than a write per request.
#[derive(Debug, Default)]
pub(crate) struct KeyUses(Mutex<HashMap<KeyId, Timestamp>>);

impl KeyUses {
    /// Records the use of a key.
    pub(crate) fn note(&self, id: &KeyId, now: Timestamp) {
        let mut uses = self.lock();
        match uses.get_mut(id) {
            Some(at) => *at = now.max(*at),
            None => drop(uses.insert(id.clone(), now)),
        }
    }

    /// The last use of a key, if it is not stored yet.
    pub(crate) fn of(&self, id: &KeyId) -> Option<Timestamp> {
        self.lock().get(id).copied()
    }

    /// All uses that are not stored yet.
    pub(crate) fn unwritten(&self) -> Vec<(KeyId, Timestamp)> {
        self.lock().iter().map(|(id, at)| (id.clone(), *at)).collect()
    }

    /// Removes stored uses, but not later ones.
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
