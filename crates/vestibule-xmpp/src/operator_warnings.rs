//! Warnings for the operator, logged once and not for each invitee.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use vestibule_core::Host;

/// The last warning of each host.
#[derive(Debug, Default)]
pub struct OperatorWarnings(Mutex<HashMap<Host, String>>);

impl OperatorWarnings {
    /// Logs a warning, unless it is the last one logged for this host.
    pub fn warn(&self, host: &Host, warning: String) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.get(host) != Some(&warning) {
            tracing::warn!(%host, "{warning}");
            last.insert(host.clone(), warning);
        }
    }

    /// Marks the problem of a host as resolved.
    pub fn resolve(&self, host: &Host) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.remove(host).is_some() {
            tracing::info!(%host, "registrations work again");
        }
    }
}
