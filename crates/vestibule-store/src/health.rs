//! Health of writes, for readiness and the log.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Time without a failure before a saved change ends an outage.
const RECOVERY_TIME: Duration = Duration::from_secs(1);

/// Interval at which the log reports overload.
const OVERLOAD_LOG_INTERVAL: Duration = Duration::from_mins(1);

/// The outcome of recent changes.
#[derive(Default)]
pub(crate) struct Health(Mutex<State>);

#[derive(Default)]
struct State {
    /// Time of the last failure, during an outage.
    failed_at: Option<Instant>,
    busy_at: Option<Instant>,
    busy_count: u64,
}

impl Health {
    /// Whether the last changes could not be saved.
    pub(crate) fn is_failing(&self) -> bool {
        self.lock().failed_at.is_some()
    }

    /// Ends an outage.
    pub(crate) fn recovered(&self) {
        if self.lock().failed_at.take().is_some() {
            tracing::info!("changes are saved again");
        }
    }

    /// Records a saved change.
    pub(crate) fn worked(&self) {
        let mut state = self.lock();
        if state.failed_at.is_some_and(|at| at.elapsed() >= RECOVERY_TIME) {
            state.failed_at = None;
            drop(state);
            tracing::info!("changes are saved again");
        }
    }

    /// Records a failed change.
    pub(crate) fn failed(&self, reason: &str) {
        if self.lock().failed_at.replace(Instant::now()).is_none() {
            tracing::error!(
                reason,
                "changes cannot be saved; further failures are not logged until they can"
            );
        }
    }

    /// Records a change that was refused because of overload.
    pub(crate) fn busy(&self, reason: &str) {
        let mut state = self.lock();
        state.busy_count += 1;
        if state.busy_at.is_none_or(|at| at.elapsed() >= OVERLOAD_LOG_INTERVAL) {
            state.busy_at = Some(Instant::now());
            let count = std::mem::take(&mut state.busy_count);
            drop(state);
            tracing::warn!(reason, count, "requests were refused because the queue is full");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
