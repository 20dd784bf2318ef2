//! Background removal of old invites, events and claims.

use std::time::Duration;

use tokio::time::sleep;
use vestibule_core::{InviteService, Retention};

use crate::config::Settings;

/// Pause between two steps of a round, which limits the load.
const BETWEEN_STEPS: Duration = Duration::from_millis(500);

/// Pause between two rounds.
const BETWEEN_ROUNDS: Duration = Duration::from_hours(6);

/// Retention of failed claims, for troubleshooting.
const KEEP_FAILED_CLAIMS: Duration = Duration::from_hours(7 * 24);

/// The ages from which data is removed.
#[derive(Clone, Copy)]
pub(super) struct Ages {
    /// Of invites, since their end.
    invites: Duration,
    events: Duration,
    /// Of members, since they joined; `None` keeps them for ever.
    members: Option<Duration>,
}

impl Ages {
    pub(super) fn of(settings: &Settings) -> Self {
        Self { invites: settings.keep_invites, events: settings.keep_events, members: settings.keep_members }
    }
}

/// Periodically removes old invites, events, members and failed claims.
pub(super) async fn run(invite_service: InviteService, ages: Ages) {
    loop {
        sleep(Duration::from_mins(1)).await;
        let (mut from, mut removed, mut failed) = (None, 0, false);
        loop {
            let now = invite_service.now();
            let retention = Retention {
                invites_over_before: now.minus(ages.invites),
                events_before: now.minus(ages.events),
                failed_claims_before: now.minus(KEEP_FAILED_CLAIMS),
                members_before: ages.members.map(|age| now.minus(age)),
            };
            match invite_service.store().purge(retention, from).await {
                Ok(step) => {
                    removed += step.removed;
                    from = step.next;
                }
                Err(error) => {
                    tracing::warn!(%error, "old invites could not be removed; trying again in a minute");
                    failed = true;
                    break;
                }
            }
            if from.is_none() {
                break;
            }
            sleep(BETWEEN_STEPS).await;
        }
        if removed > 0 {
            tracing::info!(removed, "removed old invites");
        }
        if !failed {
            sleep(BETWEEN_ROUNDS).await;
        }
    }
}
