//! Counting pending invites.

use std::sync::Arc;

use vestibule_core::{Cursor, PendingCounts};

use super::{engine_context::EngineContext, engine_error::EngineError, key_cache, large_batch::visible};

/// TableIo that one step looks at.
const STEP: i64 = 20_000;

// The condition is that of `rules::state`; the storage suite holds them together.
const COUNT: &str = concat!(
    "SELECT host, count(*) FILTER (WHERE revoked_at IS NULL AND expires_at > $3
                                  AND (max_uses IS NULL OR uses < max_uses)),
           max(place), count(*)
    FROM (SELECT host, revoked_at, expires_at, max_uses, uses, place FROM invites
          WHERE place > $1 AND ",
    visible!(),
    "     ORDER BY place LIMIT $2) AS step
    GROUP BY host"
);

pub(super) async fn count_pending(
    engine: Arc<EngineContext>,
    from: Option<Cursor>,
) -> Result<PendingCounts, EngineError> {
    let from = from.map_or(0, |cursor| cursor.0);
    let (mut pending, mut last, mut looked_at) = (Vec::new(), from, 0);
    for row in engine.query(COUNT, &[&from, &STEP, &engine.now().as_millis()]).await? {
        let count: i64 = row.try_get(1)?;
        let host = key_cache::host(&engine, row.try_get(0)?).await?;
        pending.push((host, u64::try_from(count).unwrap_or(0)));
        last = last.max(row.try_get(2)?);
        looked_at += row.try_get::<_, i64>(3)?;
    }
    Ok(PendingCounts { pending, next: (looked_at == STEP).then_some(Cursor(last)) })
}
