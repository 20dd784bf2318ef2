//! Forgetting old invites, in the background.

use std::time::Duration;

use tokio::time::sleep;
use vestibule_core::Desk;

/// Between two steps of a round, so that nobody notices.
const BETWEEN_STEPS: Duration = Duration::from_millis(500);

/// Between two rounds.
const BETWEEN_ROUNDS: Duration = Duration::from_hours(6);

/// Removes, round after round, the invites that have been over for longer than `keep`.
pub(super) async fn run(desk: Desk, keep: Duration) {
    loop {
        sleep(Duration::from_mins(1)).await;
        let (mut from, mut removed) = (None, 0);
        loop {
            match desk.store().sweep(desk.now().minus(keep), from).await {
                Ok(step) => {
                    removed += step.removed;
                    from = step.next;
                }
                Err(error) => {
                    tracing::warn!(%error, "old invites could not be removed; trying again later");
                    break;
                }
            }
            if from.is_none() {
                break;
            }
            sleep(BETWEEN_STEPS).await;
        }
        if removed > 0 {
            tracing::info!(removed, "removed invites that had long been over");
        }
        sleep(BETWEEN_ROUNDS).await;
    }
}
