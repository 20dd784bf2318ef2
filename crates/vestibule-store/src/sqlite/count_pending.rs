//! Counting pending invites.

use vestibule_core::{Cursor, PendingCounts};

use super::{job::EngineError, large_batch::visible, transaction::Transaction};

/// TableIo that one step looks at: some milliseconds of a reader's time.
const STEP: i64 = 20_000;

// The condition is that of `rules::state`; the storage suite holds them together.
const COUNT: &str = concat!(
    "SELECT host, sum(revoked_at IS NULL AND expires_at > ?3 AND (max_uses IS NULL OR uses < max_uses)),
           max(place), count(*)
    FROM (SELECT host, revoked_at, expires_at, max_uses, uses, place FROM invites
          WHERE place > ?1 AND ",
    visible!(),
    "     ORDER BY place LIMIT ?2)
    GROUP BY host"
);

pub(super) fn count_pending(
    tx: &Transaction<'_>,
    from: Option<Cursor>,
) -> Result<PendingCounts, EngineError> {
    let mut statement = tx.statement(COUNT)?;
    let from = from.map_or(0, |cursor| cursor.0);
    let mut rows = statement.query((from, STEP, tx.now.as_millis()))?;
    let (mut pending, mut last, mut looked_at) = (Vec::new(), from, 0);
    while let Some(row) = rows.next()? {
        let count: i64 = row.get(1)?;
        pending.push((tx.host(row.get(0)?)?, u64::try_from(count).unwrap_or(0)));
        last = last.max(row.get(2)?);
        looked_at += row.get::<_, i64>(3)?;
    }
    Ok(PendingCounts { pending, next: (looked_at == STEP).then_some(Cursor(last)) })
}
