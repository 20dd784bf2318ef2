//! Forgetting old invites, in the background.

use std::time::Duration;

use tokio::time::sleep;
use vestibule_core::{InviteService, Retention};

/// Between two steps of a round, so that nobody notices.
const BETWEEN_STEPS: Duration = Duration::from_millis(500);

/// Between two rounds.
const BETWEEN_ROUNDS: Duration = Duration::from_hours(6);

/// How long claims that came to nothing are kept, to tell what happened.
const KEEP_FAILED_CLAIMS: Duration = Duration::from_hours(7 * 24);

/// Removes, round after round, the invites that have been over for longer than `keep_invites`, events that are older
/// than `keep_events`, and old claims that came to nothing.
pub(super) async fn run(invite_service: InviteService, keep_invites: Duration, keep_events: Duration) {
    loop {
        sleep(Duration::from_mins(1)).await;
        let (mut from, mut removed) = (None, 0);
        loop {
            let now = invite_service.now();
            let retention = Retention {
                invites_over_before: now.minus(keep_invites),
                events_before: now.minus(keep_events),
                failed_claims_before: now.minus(KEEP_FAILED_CLAIMS),
            };
            match invite_service.store().purge(retention, from).await {
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
