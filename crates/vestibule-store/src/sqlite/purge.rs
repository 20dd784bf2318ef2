//! Forgetting invites that have long been over.

use rusqlite::OptionalExtension;
use vestibule_core::{
    Action, ClaimId, Cursor, IDEMPOTENCY_KEY_LIFETIME, PurgeStep, Retention, Source, Timestamp, rules,
};

use super::{
    audit::append_event_as,
    idempotency,
    job::EngineError,
    large_batch::{self, visible},
    row::{invite_columns, read_invite},
    transaction::{Transaction, row_keys_of},
};

/// TableIo that one step looks at: about a millisecond of the writer's time.
const STEP: i64 = 500;

const FROM: &str = concat!(
    "SELECT ",
    invite_columns!(),
    ", place FROM invites WHERE place > ?1 AND ",
    visible!(),
    " ORDER BY place LIMIT ?2"
);

const FORGET_FAILED: &str = "DELETE FROM claims WHERE id IN (SELECT id FROM claims \
     WHERE invite = ?1 AND id < ?2 AND outcome IS NOT 'completed' LIMIT ?3)";

// An event's place says nothing of its time, but a host's events lie in the order in which they happened.
const FORGET_EVENTS: &str = "DELETE FROM events WHERE place IN (SELECT place FROM events \
     WHERE place >= ?1 AND place < ?2 AND at < ?3 ORDER BY place LIMIT ?4)";

/// Forgets some of the events that are too old, of each host. The newest one of a host stays, as the places of those to
/// come are counted on from it.
fn forget_events(tx: &Transaction<'_>, before: Timestamp) -> Result<(), EngineError> {
    let hosts: Vec<i64> = tx
        .statement("SELECT id FROM hosts")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for host in hosts {
        let row_keys = row_keys_of(host);
        let oldest: Option<(i64, i64)> = tx
            .statement(
                "SELECT place, at FROM events WHERE place >= ?1 AND place < ?2 ORDER BY place LIMIT 1",
            )?
            .query_row((row_keys.start, row_keys.end), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if oldest.is_some_and(|(_, at)| at < before.as_millis()) {
            let newest: i64 = tx
                .statement("SELECT max(place) FROM events WHERE place >= ?1 AND place < ?2")?
                .query_row((row_keys.start, row_keys.end), |row| row.get(0))?;
            tx.statement(FORGET_EVENTS)?.execute((row_keys.start, newest, before.as_millis(), STEP))?;
        }
    }
    Ok(())
}

pub(super) fn purge(
    tx: &Transaction<'_>,
    absorb_rows: Retention,
    from: Option<Cursor>,
) -> Result<PurgeStep, EngineError> {
    idempotency::forget(tx, STEP)?;
    forget_events(tx, absorb_rows.events_before)?;
    large_batch::purge(tx)?;
    // No invite is over before it is made, so this keeps all that are younger.
    let over_before = absorb_rows.invites_over_before.min(tx.now.minus(IDEMPOTENCY_KEY_LIFETIME));
    let mut statement = tx.statement(FROM)?;
    let from = from.map_or(0, |cursor| cursor.0);
    let mut rows = statement.query((from, STEP))?;
    let (mut looked_at, mut last, mut over, mut kept) = (0, None, Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        looked_at += 1;
        last = Some(Cursor(row.get("place")?));
        let Some(invite) = tx.readable(read_invite(tx, row))? else { continue };
        if rules::is_over_since(&invite) < over_before {
            over.push((row.get::<_, i64>(1)?, invite.id));
        } else {
            kept.push(invite.id);
        }
    }
    drop(rows);
    let failed_before = ClaimId::lowest(absorb_rows.failed_claims_before).to_bytes();
    for id in kept {
        tx.statement(FORGET_FAILED)?.execute((id.to_bytes(), failed_before, STEP))?;
    }
    for (host_number, id) in &over {
        tx.statement("DELETE FROM claims WHERE invite = ?1")?.execute([id.to_bytes()])?;
        tx.statement("DELETE FROM invites WHERE id = ?1")?.execute([id.to_bytes()])?;
        let source = Source::service();
        append_event_as(tx, *host_number, source.as_str(), Action::InvitePurged, &id.to_string(), None)?;
    }
    let next = last.filter(|_| looked_at == STEP);
    Ok(PurgeStep { removed: u32::try_from(over.len()).unwrap_or(u32::MAX), next })
}
