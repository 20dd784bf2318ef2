//! Rates of keys, added up over all nodes.

use std::sync::Arc;

use vestibule_core::GcraState;

use super::{
    engine_context::EngineContext,
    engine_error::EngineError,
    lock_queue::Subject,
    transaction::{LockAttempts, Transaction},
};
use crate::rate_limiter::{self, RateChain};

// Its own lock: a rate has nothing to do with the host's other work.
const READ: &str = "SELECT whole_at FROM meters WHERE key = $1";

const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

const WRITE: &str = "INSERT INTO meters (key, whole_at) VALUES ($1, $2) \
     ON CONFLICT (key) DO UPDATE SET whole_at = excluded.whole_at";

/// Takes `calls` from each of these rates, or from none of them.
pub(super) async fn take(
    engine: &Arc<EngineContext>,
    rates: &RateChain,
    calls: u32,
) -> Result<(), EngineError> {
    let targets = || rates.iter().map(|(id, _)| Subject::Rate(id.as_str().to_owned()));
    // The first one is locked first, so whoever waits for it waits without a connection.
    let Some(first) = targets().next() else { return Ok(()) };
    let permit = engine.lock_queue.of(first).await?;
    let attempts = LockAttempts::new(engine, targets());
    loop {
        let attempt = attempts.next().await?;
        let outcome = take_once(engine, rates, calls).await;
        drop(attempt);
        if let Some(outcome) = attempts.authorize(outcome).await {
            drop(permit);
            return outcome;
        }
    }
}

async fn take_once(engine: &Arc<EngineContext>, rates: &RateChain, calls: u32) -> Result<(), EngineError> {
    let tx = Transaction::write_rates(engine).await?;
    let outcome = async {
        // The oldest ancestor's lock first, so that no two transactions wait for each other.
        for (id, rate) in rates.iter() {
            let id = id.as_str();
            tx.query(LOCK, &[&format!("vestibule meter {id}")]).await?;
            let row = tx.query_opt(READ, &[&id]).await?;
            let theoretical_arrival: i64 = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
            let mut meter = GcraState::from_nanos(theoretical_arrival);
            rate_limiter::take(&mut meter, *rate, calls, tx.now)?;
            tx.execute(WRITE, &[&id, &meter.as_nanos()]).await?;
        }
        Ok(())
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

/// Forgets a key that was deleted.
pub(super) async fn forget(tx: &Transaction, id: &str) -> Result<(), EngineError> {
    tx.execute("DELETE FROM meters WHERE key = $1", &[&id]).await.map(drop)
}
