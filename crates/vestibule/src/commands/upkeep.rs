//! What a service does for itself every now and then.

use std::time::Duration;

use tokio::time::sleep;
use vestibule_core::Desk;

/// How much of the last use of keys a crash may lose.
const EVERY: Duration = Duration::from_mins(1);

/// Writes down when keys were last used, over and over.
pub(super) async fn run(desk: Desk) {
    loop {
        sleep(EVERY).await;
        note_key_uses(&desk).await;
    }
}

/// Writes down when keys were last used.
pub(super) async fn note_key_uses(desk: &Desk) {
    if let Err(error) = desk.store().note_key_uses().await {
        tracing::warn!(%error, "the last use of keys could not be written down; trying again later");
    }
}
