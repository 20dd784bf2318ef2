//! Rates of keys, added up over all nodes.

use std::sync::Arc;

use vestibule_core::{KeyRecord, Meter, Refusal};

use super::{fault::Fault, session::Session, shared::Shared};
use crate::limiter::check_burst;

// Its own lock: a rate has nothing to do with the host's other work.
const READ: &str = "SELECT whole_at FROM meters WHERE key = $1";

const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

const WRITE: &str = "INSERT INTO meters (key, whole_at) VALUES ($1, $2) \
     ON CONFLICT (key) DO UPDATE SET whole_at = excluded.whole_at";

/// Takes `calls` from the rate of `key`, if it has one.
pub(super) async fn take(shared: &Arc<Shared>, key: &KeyRecord, calls: u32) -> Result<(), Fault> {
    let Some(rate) = key.rate else { return Ok(()) };
    check_burst(rate, calls)?;
    let session = Session::write(shared, &[]).await?;
    let id = key.id.as_str();
    let outcome = async {
        session.query(LOCK, &[&format!("vestibule meter {id}")]).await?;
        let row = session.query_opt(READ, &[&id]).await?;
        let whole_at: i64 = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
        let mut meter = Meter::from_nanos(whole_at);
        let taken = meter.take(rate, calls, session.now);
        taken.map_err(|retry_after| Refusal::RateLimited { retry_after })?;
        session.execute(WRITE, &[&id, &meter.as_nanos()]).await
    };
    let outcome = outcome.await;
    session.end(outcome).await.map(drop)
}

/// Forgets a key that was deleted.
pub(super) async fn forget(session: &Session, id: &str) -> Result<(), Fault> {
    session.execute("DELETE FROM meters WHERE key = $1", &[&id]).await.map(drop)
}
