//! How much of its rate each key has used, in this process.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use vestibule_core::{KeyId, KeyRecord, Meter, Rate, Refusal, Timestamp};

/// The meters of all keys that have a rate. Kept in memory: a restart forgives, which costs less than a
/// write for each request.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<KeyId, Meter>>);

impl Limiter {
    /// Takes `calls` from the rate of `key`, if it has one.
    pub(crate) fn take(&self, key: &KeyRecord, calls: u32, now: Timestamp) -> Result<(), Refusal> {
        let Some(rate) = key.rate else { return Ok(()) };
        check_burst(rate, calls)?;
        let mut meters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let meter = meters.entry(key.id.clone()).or_default();
        meter.take(rate, calls, now).map_err(|retry_after| Refusal::RateLimited { retry_after })
    }

    /// Forgets a key that was deleted.
    pub(crate) fn forget(&self, id: &KeyId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// Refuses more calls at once than a rate ever lets through.
pub(crate) fn check_burst(rate: Rate, calls: u32) -> Result<(), Refusal> {
    if calls > rate.burst() {
        let message = format!("this API key's rate is {rate}, so no more than {} at once", rate.burst());
        return Err(Refusal::field("count", message));
    }
    Ok(())
}
