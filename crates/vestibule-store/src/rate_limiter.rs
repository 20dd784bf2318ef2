//! Rates of keys.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use vestibule_core::{GcraState, KeyId, KeyRecord, Rate, Refusal, Timestamp};

/// The rates that calls of a key count against, the oldest ancestor's first.
#[derive(Clone, Debug, Default)]
pub(crate) struct RateChain(Vec<(KeyId, Rate)>);

impl RateChain {
    /// Adds the rate of a key, if it has one.
    pub(crate) fn add(&mut self, key: &KeyRecord) {
        self.0.extend(key.rate.map(|rate| (key.id.clone(), rate)));
    }

    /// The keys and their rates.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(KeyId, Rate)> {
        self.0.iter()
    }

    /// Whether there is no rate.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The GCRA states of all keys with a rate, in memory. A restart resets them, which costs less than a write per
/// request.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter(Mutex<HashMap<KeyId, GcraState>>);

impl RateLimiter {
    /// Charges `calls` to all of these rates, or to none.
    pub(crate) fn take(&self, rates: &RateChain, calls: u32, now: Timestamp) -> Result<(), Refusal> {
        if rates.is_empty() {
            return Ok(());
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::with_capacity(rates.0.len());
        for (id, rate) in rates.iter() {
            let mut state = known.get(id).copied().unwrap_or_default();
            take(&mut state, *rate, calls, now)?;
            taken.push((id.clone(), state));
        }
        known.extend(taken);
        Ok(())
    }

    /// Removes a deleted key.
    pub(crate) fn forget(&self, id: &KeyId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// Charges `calls` to one rate. More calls at once than its burst are always refused.
pub(crate) fn take(state: &mut GcraState, rate: Rate, calls: u32, now: Timestamp) -> Result<(), Refusal> {
    if calls > rate.burst() {
        let message =
            format!("the rate of this API key is {rate}, which allows at most {} at once", rate.burst());
        return Err(Refusal::field("count", message));
    }
    state.take(rate, calls, now).map_err(|retry_after| Refusal::RateLimited { retry_after })
}
