//! What a service does for itself every now and then.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use vestibule_core::InviteService;

/// How much of the last use of keys a crash may lose.
const EVERY: Duration = Duration::from_mins(1);

/// How long the end of a service may wait for that.
const BRIEFLY: Duration = Duration::from_secs(1);

/// Writes down when keys were last used, over and over.
pub(super) async fn run(invite_service: InviteService) {
    loop {
        sleep(EVERY).await;
        note_key_uses(&invite_service).await;
    }
}

/// Writes down when keys were last used, as the last thing that a service does; not for long, as it must end.
pub(super) async fn note_at_the_end(invite_service: &InviteService) {
    if timeout(BRIEFLY, note_key_uses(invite_service)).await.is_err() {
        tracing::warn!("the last use of keys could not be written down in time");
    }
}

/// Writes down when keys were last used.
async fn note_key_uses(invite_service: &InviteService) {
    if let Err(error) = invite_service.store().note_key_uses().await {
        tracing::warn!(%error, "the last use of keys could not be written down; trying again later");
    }
}
