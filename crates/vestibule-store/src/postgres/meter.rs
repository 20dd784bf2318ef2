//! Rates of keys, added up over all nodes.

use std::sync::Arc;

use vestibule_core::GcraState;

use super::{
    fault::Fault,
    session::{Attempts, Session},
    shared::Shared,
    turns::Subject,
};
use crate::limiter::{self, Meters};

// Its own lock: a rate has nothing to do with the host's other work.
const READ: &str = "SELECT whole_at FROM meters WHERE key = $1";

const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

const WRITE: &str = "INSERT INTO meters (key, whole_at) VALUES ($1, $2) \
     ON CONFLICT (key) DO UPDATE SET whole_at = excluded.whole_at";

/// Takes `calls` from each of these rates, or from none of them.
pub(super) async fn take(shared: &Arc<Shared>, meters: &Meters, calls: u32) -> Result<(), Fault> {
    let rates = || meters.iter().map(|(id, _)| Subject::Rate(id.as_str().to_owned()));
    // The first one is locked first, so whoever waits for it waits without a connection.
    let Some(first) = rates().next() else { return Ok(()) };
    let turn = shared.turns.of(first).await?;
    let attempts = Attempts::new(shared, rates());
    loop {
        let attempt = attempts.next().await?;
        let outcome = take_once(shared, meters, calls).await;
        drop(attempt);
        if let Some(outcome) = attempts.judge(outcome).await {
            drop(turn);
            return outcome;
        }
    }
}

async fn take_once(shared: &Arc<Shared>, meters: &Meters, calls: u32) -> Result<(), Fault> {
    let session = Session::write_rates(shared).await?;
    let outcome = async {
        // The oldest ancestor's lock first, so that no two transactions wait for each other.
        for (id, rate) in meters.iter() {
            let id = id.as_str();
            session.query(LOCK, &[&format!("vestibule meter {id}")]).await?;
            let row = session.query_opt(READ, &[&id]).await?;
            let theoretical_arrival: i64 = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
            let mut meter = GcraState::from_nanos(theoretical_arrival);
            limiter::take(&mut meter, *rate, calls, session.now)?;
            session.execute(WRITE, &[&id, &meter.as_nanos()]).await?;
        }
        Ok(())
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

/// Forgets a key that was deleted.
pub(super) async fn forget(session: &Session, id: &str) -> Result<(), Fault> {
    session.execute("DELETE FROM meters WHERE key = $1", &[&id]).await.map(drop)
}
