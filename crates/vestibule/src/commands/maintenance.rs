//! Periodic maintenance of the service.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use vestibule_core::InviteService;

/// Interval of recording the last use of keys; a crash loses at most this much.
const INTERVAL: Duration = Duration::from_mins(1);

/// Timeout at shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// Records the last use of keys periodically.
pub(super) async fn run(invite_service: InviteService) {
    loop {
        sleep(INTERVAL).await;
        note_key_uses(&invite_service).await;
    }
}

/// Records the last use of keys at shutdown, with a timeout.
pub(super) async fn shut_down(invite_service: &InviteService) {
    if timeout(SHUTDOWN_TIMEOUT, note_key_uses(invite_service)).await.is_err() {
        tracing::warn!("the last use of keys could not be recorded in time");
    }
}

/// Records the last use of keys.
async fn note_key_uses(invite_service: &InviteService) {
    if let Err(error) = invite_service.store().note_key_uses().await {
        tracing::warn!(%error, "the last use of keys could not be recorded; trying again later");
    }
}
