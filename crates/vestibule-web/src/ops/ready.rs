//! `GET /readyz`: invites can be minted and redeemed.

use std::time::Duration;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use tokio::sync::Mutex;
use vestibule_core::{InviteService, Timestamp};

use crate::AppState;

/// How long one answer holds, so that asking often does not write often.
const HOLDS: Duration = Duration::from_secs(1);

/// What the last probe said, and when.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Timestamp, bool)>>);

impl Readiness {
    async fn ask(&self, invite_service: &InviteService) -> bool {
        let mut last = self.0.lock().await;
        // Whoever has waited for the probe of another gets its answer.
        let now = invite_service.now();
        if let Some((at, ready)) = *last
            && at <= now
            && now.since(at) < HOLDS
        {
            return ready;
        }
        let ready = match invite_service.store().probe().await {
            Ok(()) => true,
            Err(error) => {
                tracing::debug!(%error, "not ready");
                false
            }
        };
        *last = Some((invite_service.now(), ready));
        ready
    }
}

/// Writes to the disk to know that writing works.
pub(super) async fn handle(State(state): State<AppState>) -> Response {
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    if state.readiness.ask(&state.invite_service).await {
        return (StatusCode::OK, fresh, "ready\n").into_response();
    }
    let text = "not ready: nothing can be saved now; the log says why\n";
    (StatusCode::SERVICE_UNAVAILABLE, fresh, [(header::RETRY_AFTER, "5")], text).into_response()
}
