//! How many invites are pending.
//!
//! Time alone ends an invite, so nothing that happens could keep a count of them; they are counted when
//! somebody asks. That takes about half a second for each million, so it is done at most a hundredth of the
//! time, and nobody waits for it longer than a second: then the numbers are those of the count before.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};
use vestibule_core::{Host, StoreError};

use crate::AppState;

/// The share of the time that may be spent on counting: one part in so many.
const SHARE: u32 = 100;

/// How long a count may hold an answer up.
const PATIENCE: Duration = Duration::from_secs(1);

/// When invites were last counted, and how long it took.
#[derive(Debug, Default)]
pub struct Pending(Arc<Mutex<Option<(Instant, Duration)>>>);

/// Counts again, where it is time to.
pub(super) async fn refresh(state: &AppState) {
    // Where the lock is held, a count is under way.
    let Ok(mut last) = Arc::clone(&state.pending.0).try_lock_owned() else { return };
    if last.is_some_and(|(at, took)| at.elapsed() < took * SHARE) {
        return;
    }
    let state = state.clone();
    let counting = tokio::spawn(async move {
        let begun = Instant::now();
        match count(&state).await {
            Ok(counts) => {
                counts.iter().for_each(|(host, count)| state.http_state.metrics.set_pending(host, *count))
            }
            Err(error) => tracing::debug!(%error, "pending invites could not be counted"),
        }
        *last = Some((Instant::now(), begun.elapsed()));
    });
    let _ = timeout(PATIENCE, counting).await;
}

async fn count(state: &AppState) -> Result<HashMap<Host, u64>, StoreError> {
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
