//! Endpoints for operators and monitoring.

mod health;
mod identity;
mod metrics;
mod pending;
mod ready;
mod state;

use axum::{Router, routing::get};

use crate::AppState;

/// `/healthz`, `/readyz`, `/metrics` and `/.well-known/vestibule`.
pub(crate) fn routes(state: &AppState) -> Router {
    Router::new()
        .route("/healthz", get(health::handle))
        .route("/readyz", get(ready::handle))
        .route("/metrics", get(metrics::handle))
        .route("/.well-known/vestibule", get(identity::handle))
        .layer(state.page_layer(None))
        .with_state(state::OpsState::new(state))
}
