//! State of the endpoints for operators.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;
use tokio::{sync::Mutex, time::Instant};
use vestibule_core::Timestamp;

use crate::AppState;

/// The application's state and that of the endpoints for operators. Cheap to clone.
#[derive(Clone)]
pub(super) struct OpsState {
    app: AppState,
    /// The time and the result of the last readiness probe.
    pub(super) last_probe: Arc<Mutex<Option<(Timestamp, bool)>>>,
    /// The time and the duration of the last count of pending invites.
    pub(super) last_count: Arc<Mutex<Option<(Instant, std::time::Duration)>>>,
}

impl OpsState {
    pub(super) fn new(app: &AppState) -> Self {
        Self { app: app.clone(), last_probe: Arc::default(), last_count: Arc::default() }
    }
}

impl Deref for OpsState {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.app
    }
}

impl FromRef<OpsState> for AppState {
    fn from_ref(state: &OpsState) -> Self {
        state.app.clone()
    }
}
