//! Rates of keys, shared by all nodes.

use std::sync::Arc;

use vestibule_core::GcraState;

use super::{
    engine::EngineContext,
    lock_queue::LockTarget,
    transaction::{LockAttempts, Transaction},
};
use crate::{
    postgres::error::EngineError,
    rate_limiter::{self, RateChain},
    sql::statements,
};

statements! {
    // Each rate has its own lock, so it does not wait for its host.
    const READ: Sql = "SELECT whole_at FROM meters WHERE key = $1";

    const LOCK: Sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

    const WRITE: Sql = "INSERT INTO meters (key, whole_at) VALUES ($1, $2) \
         ON CONFLICT (key) DO UPDATE SET whole_at = excluded.whole_at";
}

/// Charges `calls` to all of these rates, or to none.
pub(in crate::postgres) async fn take(
    engine: &Arc<EngineContext>,
    rates: &RateChain,
    calls: u32,
) -> Result<(), EngineError> {
    let targets = || rates.iter().map(|(id, _)| LockTarget::Rate(id.as_str().to_owned()));
    // Waits for the first lock before a connection is taken.
    let Some(first) = targets().next() else { return Ok(()) };
    let permit = engine.lock_queue.of(first).await?;
    let attempts = LockAttempts::new(engine, targets());
    loop {
        let attempt = attempts.next().await?;
        let outcome = take_once(engine, rates, calls).await;
        drop(attempt);
        if let Some(outcome) = attempts.finish(outcome).await {
            drop(permit);
            return outcome;
        }
    }
}

async fn take_once(engine: &Arc<EngineContext>, rates: &RateChain, calls: u32) -> Result<(), EngineError> {
    let tx = Transaction::write_rates(engine).await?;
    let outcome = async {
        // The oldest ancestor's lock first, so that transactions do not deadlock.
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
