//! `GET /readyz`: invites can be created and redeemed.

use std::time::Duration;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use super::state::OpsState;

/// Time during which a result is reused, so that frequent requests do not cause frequent writes.
const REUSED_FOR: Duration = Duration::from_secs(1);

/// Probes the store with a write.
pub(super) async fn handle(State(state): State<OpsState>) -> Response {
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    if is_ready(&state).await {
        return (StatusCode::OK, fresh, "ready\n").into_response();
    }
    let text = "not ready: the database cannot be written; see the log\n";
    (StatusCode::SERVICE_UNAVAILABLE, fresh, [(header::RETRY_AFTER, "5")], text).into_response()
}

async fn is_ready(state: &OpsState) -> bool {
    let mut last = state.last_probe.lock().await;
    // A request that waited for the probe of another one reuses its result.
    let now = state.invite_service.now();
    if let Some((at, ready)) = *last
        && at <= now
        && now.since(at) < REUSED_FOR
    {
        return ready;
    }
    let ready = match state.invite_service.store().probe().await {
        Ok(()) => true,
        Err(error) => {
            tracing::debug!(%error, "not ready");
            false
        }
    };
    *last = Some((state.invite_service.now(), ready));
    ready
}
