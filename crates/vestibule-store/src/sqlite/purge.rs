//! Forgetting invites that have long been over.

use rusqlite::OptionalExtension;
use vestibule_core::{
    Action, ClaimId, Cursor, IDEMPOTENCY_KEY_LIFETIME, PurgeStep, Retention, Source, Timestamp, rules,
};

use super::{
    batch::{self, whole},
    idempotency,
    job::Fault,
    record::record_as,
    row::{invite_columns, read_invite},
    session::{Session, places_of},
};

/// Rows that one step looks at: about a millisecond of the writer's time.
const STEP: i64 = 500;

const FROM: &str = concat!(
    "SELECT ",
    invite_columns!(),
    ", place FROM invites WHERE place > ?1 AND ",
    whole!(),
    " ORDER BY place LIMIT ?2"
);

const FORGET_FAILED: &str = "DELETE FROM claims WHERE id IN (SELECT id FROM claims \
     WHERE invite = ?1 AND id < ?2 AND outcome IS NOT 'completed' LIMIT ?3)";

// An event's place says nothing of its time, but a host's events lie in the order in which they happened.
const FORGET_EVENTS: &str = "DELETE FROM events WHERE place IN (SELECT place FROM events \
     WHERE place >= ?1 AND place < ?2 AND at < ?3 ORDER BY place LIMIT ?4)";

/// Forgets some of the events that are too old, of each host. The newest one of a host stays, as the places of those to
/// come are counted on from it.
fn forget_events(session: &Session<'_>, before: Timestamp) -> Result<(), Fault> {
    let hosts: Vec<i64> = session
        .statement("SELECT id FROM hosts")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for host in hosts {
        let places = places_of(host);
        let oldest: Option<(i64, i64)> = session
            .statement(
                "SELECT place, at FROM events WHERE place >= ?1 AND place < ?2 ORDER BY place LIMIT 1",
            )?
            .query_row((places.start, places.end), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if oldest.is_some_and(|(_, at)| at < before.as_millis()) {
            let newest: i64 = session
                .statement("SELECT max(place) FROM events WHERE place >= ?1 AND place < ?2")?
                .query_row((places.start, places.end), |row| row.get(0))?;
            session.statement(FORGET_EVENTS)?.execute((places.start, newest, before.as_millis(), STEP))?;
        }
    }
    Ok(())
}

pub(super) fn purge(
    session: &Session<'_>,
    keep: Retention,
    from: Option<Cursor>,
) -> Result<PurgeStep, Fault> {
    idempotency::forget(session, STEP)?;
    forget_events(session, keep.events_before)?;
    batch::purge(session)?;
    // No invite is over before it is made, so this keeps all that are younger.
    let over_before = keep.invites_over_before.min(session.now.minus(IDEMPOTENCY_KEY_LIFETIME));
    let mut statement = session.statement(FROM)?;
    let from = from.map_or(0, |cursor| cursor.0);
    let mut rows = statement.query((from, STEP))?;
    let (mut looked_at, mut last, mut over, mut kept) = (0, None, Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        looked_at += 1;
        last = Some(Cursor(row.get("place")?));
        let Some(invite) = session.readable(read_invite(session, row))? else { continue };
        if rules::is_over_since(&invite) < over_before {
            over.push((row.get::<_, i64>(1)?, invite.id));
        } else {
            kept.push(invite.id);
        }
    }
    drop(rows);
    let failed_before = ClaimId::lowest(keep.failed_claims_before).to_bytes();
    for id in kept {
        session.statement(FORGET_FAILED)?.execute((id.to_bytes(), failed_before, STEP))?;
    }
    for (host_number, id) in &over {
        session.statement("DELETE FROM claims WHERE invite = ?1")?.execute([id.to_bytes()])?;
        session.statement("DELETE FROM invites WHERE id = ?1")?.execute([id.to_bytes()])?;
        let source = Source::service();
        record_as(session, *host_number, source.as_str(), Action::InvitePurged, &id.to_string(), None)?;
    }
    let next = last.filter(|_| looked_at == STEP);
    Ok(PurgeStep { removed: u32::try_from(over.len()).unwrap_or(u32::MAX), next })
}
