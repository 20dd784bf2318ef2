//! What the operator has to mend, logged once and not for each invitee who meets it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use vestibule_core::Host;

/// What was complained of last, for each host.
#[derive(Debug, Default)]
pub struct OperatorWarnings(Mutex<HashMap<Host, String>>);

impl OperatorWarnings {
    /// Logs a warning, unless it is the one that was logged last of this host.
    pub fn warn(&self, host: &Host, complaint: String) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.get(host) != Some(&complaint) {
            tracing::warn!(%host, "{complaint}");
            last.insert(host.clone(), complaint);
        }
    }

    /// It works: what went wrong before is over.
    pub fn resolve(&self, host: &Host) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.remove(host).is_some() {
            tracing::info!(%host, "registrations work again");
        }
    }
}
