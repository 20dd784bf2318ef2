//! What a node remembers, to ask in one step instead of two.
//!
//! None of it lets anybody in: a host's number never changes, and a key that is remembered is proved anew in
//! the transaction that does the work (see `caller.rs`).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use vestibule_core::{Host, KeyId, KeyRecord, Source};

use super::{engine_context::EngineContext, engine_error::EngineError};
use crate::rate_limiter::RateChain;

/// So many keys are remembered at the most; more begin anew.
const MOST: usize = 10_000;

/// A key as it was read.
pub(super) struct CachedKey {
    pub(super) host_number: i64,
    pub(super) source: Source,
    pub(super) record: KeyRecord,
    /// The rates that its calls count against: those of the keys that it descends from, and its own.
    pub(super) rates: RateChain,
}

/// Keys by id, and hosts by number and name.
#[derive(Default)]
pub(super) struct KeyCache {
    keys: Mutex<HashMap<KeyId, Arc<CachedKey>>>,
    hosts: Mutex<HashMap<i64, Host>>,
    numbers: Mutex<HashMap<Host, i64>>,
}

impl KeyCache {
    pub(super) fn key(&self, id: &KeyId) -> Option<Arc<CachedKey>> {
        lock(&self.keys).get(id).cloned()
    }

    pub(super) fn remember_key(&self, key: &Arc<CachedKey>) {
        let mut keys = lock(&self.keys);
        if keys.len() >= MOST {
            keys.clear();
        }
        keys.insert(key.record.id.clone(), Arc::clone(key));
    }

    pub(super) fn forget_key(&self, id: &KeyId) {
        lock(&self.keys).remove(id);
    }

    /// The host with this number, where it is remembered.
    pub(super) fn host(&self, number: i64) -> Option<Host> {
        lock(&self.hosts).get(&number).cloned()
    }

    pub(super) fn host_number(&self, host: &Host) -> Option<i64> {
        lock(&self.numbers).get(host).copied()
    }

    fn add_host(&self, number: i64, host: Host) {
        lock(&self.hosts).insert(number, host.clone());
        lock(&self.numbers).insert(host, number);
    }
}

/// The number of a host.
pub(super) async fn host_number(engine: &EngineContext, host: &Host) -> Result<Option<i64>, EngineError> {
    if let Some(number) = engine.cached.host_number(host) {
        return Ok(Some(number));
    }
    learn_hosts(engine).await?;
    Ok(engine.cached.host_number(host))
}

/// The host with this number.
pub(super) async fn host(engine: &EngineContext, number: i64) -> Result<Host, EngineError> {
    if let Some(host) = engine.cached.host(number) {
        return Ok(host);
    }
    learn_hosts(engine).await?;
    engine.cached.host(number).ok_or_else(|| EngineError::Corrupt(format!("host number {number}")))
}

/// Reads all hosts; the answer is their names in order. There are few, and they are read once.
pub(super) async fn learn_hosts(engine: &EngineContext) -> Result<Vec<Host>, EngineError> {
    let mut hosts = Vec::new();
    for row in engine.query("SELECT id, name FROM hosts ORDER BY name", &[]).await? {
        let name: String = row.try_get(1)?;
        let host =
            Host::parse(&name).map_err(|error| EngineError::Corrupt(format!("host {name}: {error}")))?;
        engine.cached.add_host(row.try_get(0)?, host.clone());
        hosts.push(host);
    }
    Ok(hosts)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
