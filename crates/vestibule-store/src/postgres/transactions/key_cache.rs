//! The cache of a node, which saves round trips.
//!
//! No decision depends only on the cache: the number of a host never changes, and the transaction that does the work
//! checks that a cached key still exists.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use vestibule_core::{Host, KeyId};

use crate::caller::CachedKey;

/// Capacity for keys; the cache is cleared when full.
const MAX_KEYS: usize = 10_000;

/// Keys by id, and hosts by number and name.
#[derive(Default)]
pub(in crate::postgres) struct KeyCache {
    keys: Mutex<HashMap<KeyId, Arc<CachedKey>>>,
    hosts: Mutex<HashMap<i64, Host>>,
    numbers: Mutex<HashMap<Host, i64>>,
}

impl KeyCache {
    pub(in crate::postgres) fn key(&self, id: &KeyId) -> Option<Arc<CachedKey>> {
        lock(&self.keys).get(id).cloned()
    }

    pub(in crate::postgres) fn add_key(&self, key: &Arc<CachedKey>) {
        let mut keys = lock(&self.keys);
        if keys.len() >= MAX_KEYS {
            keys.clear();
        }
        keys.insert(key.record.id.clone(), Arc::clone(key));
    }

    pub(in crate::postgres) fn forget_key(&self, id: &KeyId) {
        lock(&self.keys).remove(id);
    }

    /// The host with this number, if it is cached.
    pub(in crate::postgres) fn host(&self, number: i64) -> Option<Host> {
        lock(&self.hosts).get(&number).cloned()
    }

    pub(in crate::postgres) fn host_number(&self, host: &Host) -> Option<i64> {
        lock(&self.numbers).get(host).copied()
    }

    /// Adds a host. A removed one has a name, for its past, but is not found by it.
    pub(in crate::postgres) fn add_host(&self, number: i64, host: Host, is_removed: bool) {
        lock(&self.hosts).insert(number, host.clone());
        if is_removed {
            lock(&self.numbers).remove(&host);
        } else {
            lock(&self.numbers).insert(host, number);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
