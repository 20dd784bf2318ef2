//! What operators and their watchdogs ask.

mod health;
mod identity;
mod metrics;
mod pending;
mod ready;

use axum::{Router, routing::get};

pub use pending::Pending;
pub use ready::Readiness;

use crate::AppState;

/// `/healthz`, `/readyz`, `/metrics` and `/.well-known/vestibule`.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(health::handle))
        .route("/readyz", get(ready::handle))
        .route("/metrics", get(metrics::handle))
        .route("/.well-known/vestibule", get(identity::handle))
}
