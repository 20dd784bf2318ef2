//! The number of pending invites.
//!
//! Invites expire without an event, so they are counted on request. Counting takes about half a second per million
//! invites. It is limited to a hundredth of the time, and delays a response by at most a second; after that, the
//! response contains the numbers of the previous count.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::time::{Instant, timeout};
use vestibule_core::{Host, StoreError};

use super::state::OpsState;

/// Counting waits this many times as long as the last count took.
const INTERVAL_FACTOR: u32 = 100;

/// How long a response waits for a count.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Counts again unless the last count was recent.
pub(super) async fn refresh(state: &OpsState) {
    // A held lock means that a count is in progress.
    let Ok(mut last) = Arc::clone(&state.last_count).try_lock_owned() else { return };
    if last.is_some_and(|(at, took)| at.elapsed() < took * INTERVAL_FACTOR) {
        return;
    }
    let state = state.clone();
    let counting = tokio::spawn(async move {
        let begun = Instant::now();
        match count(&state).await {
            Ok(counts) => {
                for (host, count) in &counts {
                    state.http.metrics.set_pending(host, *count);
                }
            }
            Err(error) => tracing::debug!(%error, "pending invites could not be counted"),
        }
        *last = Some((Instant::now(), begun.elapsed()));
    });
    let _ = timeout(MAX_WAIT, counting).await;
}

async fn count(state: &OpsState) -> Result<HashMap<Host, u64>, StoreError> {
    let store = state.invite_service.store();
    let mut counts: HashMap<_, _> = store.hosts().await?.into_iter().map(|host| (host, 0)).collect();
    let mut from = None;
    loop {
        let step = store.count_pending(from).await?;
        for (host, count) in step.pending {
            *counts.entry(host).or_default() += count;
        }
        from = step.next;
        if from.is_none() {
            return Ok(counts);
        }
    }
}
