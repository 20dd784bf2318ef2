//! Whether changes can be saved, for readiness and the log.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long no change may fail until a saved change ends an outage.
const QUIET: Duration = Duration::from_secs(1);

/// How often the log reports refusals for overload.
const OFTEN: Duration = Duration::from_mins(1);

/// The outcome of recent changes.
#[derive(Default)]
pub(crate) struct Health(Mutex<State>);

#[derive(Default)]
struct State {
    /// When a change last failed, during an outage.
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

    /// Notes that a change was saved.
    pub(crate) fn worked(&self) {
        let mut state = self.lock();
        if state.failed_at.is_some_and(|at| at.elapsed() >= QUIET) {
            state.failed_at = None;
            drop(state);
            tracing::info!("changes are saved again");
        }
    }

    /// Notes that a change could not be saved.
    pub(crate) fn failed(&self, reason: &str) {
        if self.lock().failed_at.replace(Instant::now()).is_none() {
            tracing::error!(reason, "changes cannot be saved; this is logged once, until they are");
        }
    }

    /// Notes that a change was refused because too much work is waiting.
    pub(crate) fn busy(&self, reason: &str) {
        let mut state = self.lock();
        state.busy_count += 1;
        if state.busy_at.is_none_or(|at| at.elapsed() >= OFTEN) {
            state.busy_at = Some(Instant::now());
            let count = std::mem::take(&mut state.busy_count);
            drop(state);
            tracing::warn!(reason, count, "work was refused because too much is waiting");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
