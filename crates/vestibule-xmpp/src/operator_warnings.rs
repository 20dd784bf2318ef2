//! Warnings for the operator, logged once and not for each invitee.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use vestibule_core::{Host, RegistrarError};

/// Interval at which failures that may pass are reported.
const FAILURE_INTERVAL: Duration = Duration::from_mins(1);

/// The last warning of each host.
#[derive(Debug, Default)]
pub struct OperatorWarnings(Mutex<HashMap<Host, String>>);

/// Failed registrations of each host, which are counted and logged once a minute.
#[derive(Debug, Default)]
pub struct FailureLog(Mutex<HashMap<Host, Failures>>);

#[derive(Debug)]
struct Failures {
    logged_at: Instant,
    /// Number of failures since then.
    count: u64,
}

impl FailureLog {
    /// Logs a failed registration, or counts it for the next line.
    pub fn failed(&self, host: &Host, error: &RegistrarError) {
        if let Some(count) = self.count(host, Instant::now()) {
            tracing::warn!(%host, count, "registrations in the browser fail: {error}");
        }
    }

    /// Counts a failure. Returns the number of failures if a line is due.
    fn count(&self, host: &Host, now: Instant) -> Option<u64> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = match hosts.get_mut(host) {
            Some(failures) if now.duration_since(failures.logged_at) < FAILURE_INTERVAL => {
                failures.count += 1;
                return None;
            }
            Some(failures) => failures.count + 1,
            None => 1,
        };
        hosts.insert(host.clone(), Failures { logged_at: now, count: 0 });
        Some(count)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_logged_once_a_minute_with_their_number() {
        let (log, start) = (FailureLog::default(), Instant::now());
        let (host, other) = (Host::parse("example.com").unwrap(), Host::parse("example.org").unwrap());
        assert_eq!(log.count(&host, start), Some(1));
        for _ in 0..500 {
            assert_eq!(log.count(&host, start + Duration::from_secs(59)), None);
        }
        assert_eq!(log.count(&other, start), Some(1));
        assert_eq!(log.count(&host, start + FAILURE_INTERVAL), Some(501));
    }
}
