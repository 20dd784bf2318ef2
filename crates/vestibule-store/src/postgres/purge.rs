//! Forgetting invites that have long been over. One node does it at a time.

use std::{collections::BTreeMap, sync::Arc};

use vestibule_core::{
    Action, ClaimId, Cursor, Host, IDEMPOTENCY_KEY_LIFETIME, InviteId, PurgeStep, Retention, Source,
    Timestamp, rules,
};

use super::{
    fault::Fault,
    idempotency, known,
    many::{self, whole},
    row::{invite_columns, read_invite},
    session::{LOCK_SWEEP, LOCKS, Session},
    shared::Shared,
};

/// Rows that one step looks at.
const STEP: i64 = 500;

const TRY: &str = "SELECT pg_try_advisory_xact_lock($1, $2)";

const LOOK: &str = concat!(
    "SELECT ",
    invite_columns!(),
    ", place, host FROM invites WHERE place > $1 AND ",
    whole!(),
    " ORDER BY place LIMIT $2"
);

const AGAIN: &str = concat!("SELECT ", invite_columns!(), " FROM invites WHERE id = ANY ($1)");

const FORGET: &str = concat!(
    "WITH claimed AS (DELETE FROM claims WHERE invite = ANY ($1)),
          gone AS (DELETE FROM invites WHERE id = ANY ($1) RETURNING id)
     INSERT INTO events (place, at, source, action, invite)
     SELECT ",
    super::record::last_place!("events"),
    " + row_number() OVER (ORDER BY id), $2, $4, $5, id FROM gone"
);

// A claim that came to nothing days ago is not touched by anybody, so it takes no lock of its host.
const FORGET_FAILED: &str = "DELETE FROM claims WHERE id IN (SELECT id FROM claims \
     WHERE invite = ANY ($1) AND id < $2::bytea AND outcome IS DISTINCT FROM 'completed' LIMIT $3)";

// Of each host the oldest ones, but never the newest: the places of those to come are counted on from it.
const FORGET_EVENTS: &str = "DELETE FROM events WHERE place IN (
         SELECT old.place FROM hosts AS h
         CROSS JOIN LATERAL (SELECT place FROM events WHERE place > (h.id << 40) AND place < ((h.id + 1) << 40)
                             ORDER BY place DESC LIMIT 1) AS newest
         CROSS JOIN LATERAL (SELECT place, at FROM events WHERE place > (h.id << 40) AND place < newest.place
                             ORDER BY place LIMIT $2::bigint) AS old
         WHERE old.at < $1::bigint)";

pub(super) async fn purge(
    shared: Arc<Shared>,
    keep: Retention,
    from: Option<Cursor>,
) -> Result<PurgeStep, Fault> {
    let session = Session::write(&shared, &[]).await?;
    // No invite is over before it is made, so this keeps all that are younger.
    let over_before = keep.invites_over_before.min(session.now.minus(IDEMPOTENCY_KEY_LIFETIME));
    let outcome = async {
        let row = session.query_opt(TRY, &[&LOCKS, &LOCK_SWEEP]).await?;
        if row.map(|row| row.try_get(0)).transpose()? != Some(true) {
            // Another node is at it.
            return Ok(PurgeStep { removed: 0, next: None });
        }
        idempotency::forget(&session, STEP).await?;
        many::purge(&session, session.now).await?;
        session.execute(FORGET_EVENTS, &[&keep.events_before.as_millis(), &STEP]).await?;
        let keep = Retention { invites_over_before: over_before, ..keep };
        step(&session, keep, from.map_or(0, |cursor| cursor.0)).await
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

async fn step(session: &Session, keep: Retention, from: i64) -> Result<PurgeStep, Fault> {
    let over_before = keep.invites_over_before;
    let mut kept = Vec::new();
    let rows = session.query(LOOK, &[&from, &STEP]).await?;
    let mut last = None;
    let mut over: BTreeMap<i64, Vec<Vec<u8>>> = BTreeMap::new();
    for row in &rows {
        last = Some(Cursor(row.try_get("place")?));
        let number = row.try_get("host")?;
        let read = match known::host(&session.shared, number).await {
            Ok(host) => read_invite(row, &host),
            Err(fault) => Err(fault),
        };
        let Some(invite) = session.shared.readable(read)? else { continue };
        if rules::is_over_since(&invite) < over_before {
            over.entry(number).or_default().push(invite.id.to_bytes().to_vec());
        } else {
            kept.push(invite.id.to_bytes().to_vec());
        }
    }
    let failed_before = ClaimId::lowest(keep.failed_claims_before).to_bytes().to_vec();
    session.execute(FORGET_FAILED, &[&kept, &failed_before, &(10 * STEP)]).await?;
    let mut removed = 0;
    for (number, ids) in over {
        let host = known::host(&session.shared, number).await?;
        removed += forget(session, number, &host, ids, over_before).await?;
    }
    let whole = i64::try_from(rows.len()) == Ok(STEP);
    Ok(PurgeStep { removed, next: last.filter(|_| whole) })
}

/// Removes invites of one host, as far as they are still over now that nobody else changes them.
async fn forget(
    session: &Session,
    number: i64,
    host: &Host,
    ids: Vec<Vec<u8>>,
    over_before: Timestamp,
) -> Result<u32, Fault> {
    let lock = i32::try_from(number).map_err(|_| Fault::Corrupt(format!("host number {number}")))?;
    let row = session.query_opt(TRY, &[&LOCKS, &lock]).await?;
    if row.map(|row| row.try_get(0)).transpose()? != Some(true) {
        // Whoever holds it must not hold up other hosts, whose locks this transaction has; the next round looks again.
        return Ok(0);
    }
    let mut over: Vec<InviteId> = Vec::new();
    for row in session.query(AGAIN, &[&ids]).await? {
        let Some(invite) = session.shared.readable(read_invite(&row, host))? else { continue };
        if rules::is_over_since(&invite) < over_before {
            over.push(invite.id);
        }
    }
    let ids: Vec<_> = over.iter().map(|id| id.to_bytes().to_vec()).collect();
    let (now, source) = (session.now.as_millis(), Source::service());
    let action = Action::InvitePurged;
    session.execute(FORGET, &[&ids, &now, &number, &source.as_str(), &action.as_str()]).await?;
    for _ in &over {
        session.tally(number, action);
    }
    Ok(u32::try_from(over.len()).unwrap_or(u32::MAX))
}
