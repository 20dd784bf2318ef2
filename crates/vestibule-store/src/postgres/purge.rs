//! Forgetting invites that have long been over. One node does it at a time.

use std::{collections::BTreeMap, sync::Arc};

use vestibule_core::{
    Action, ClaimId, Cursor, Host, IDEMPOTENCY_KEY_LIFETIME, InviteId, PurgeStep, Retention, Source,
    Timestamp, rules,
};

use super::{
    engine_context::EngineContext,
    engine_error::EngineError,
    idempotency, key_cache,
    large_batch::{self, visible},
    row::{invite_columns, read_invite},
    transaction::{LOCK_PURGE, LOCK_SPACE, Transaction},
};

/// TableIo that one step looks at.
const STEP: i64 = 500;

const TRY: &str = "SELECT pg_try_advisory_xact_lock($1, $2)";

const LOOK: &str = concat!(
    "SELECT ",
    invite_columns!(),
    ", place, host FROM invites WHERE place > $1 AND ",
    visible!(),
    " ORDER BY place LIMIT $2"
);

const AGAIN: &str = concat!("SELECT ", invite_columns!(), " FROM invites WHERE id = ANY ($1)");

const FORGET: &str = concat!(
    "WITH claimed AS (DELETE FROM claims WHERE invite = ANY ($1)),
          gone AS (DELETE FROM invites WHERE id = ANY ($1) RETURNING id)
     INSERT INTO events (place, at, source, action, invite)
     SELECT ",
    super::audit::last_row_key!("events"),
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
    engine: Arc<EngineContext>,
    absorb_rows: Retention,
    from: Option<Cursor>,
) -> Result<PurgeStep, EngineError> {
    let tx = Transaction::write(&engine, &[]).await?;
    // No invite is over before it is made, so this keeps all that are younger.
    let over_before = absorb_rows.invites_over_before.min(tx.now.minus(IDEMPOTENCY_KEY_LIFETIME));
    let outcome = async {
        let row = tx.query_opt(TRY, &[&LOCK_SPACE, &LOCK_PURGE]).await?;
        if row.map(|row| row.try_get(0)).transpose()? != Some(true) {
            // Another node is at it.
            return Ok(PurgeStep { removed: 0, next: None });
        }
        idempotency::forget(&tx, STEP).await?;
        large_batch::purge(&tx, tx.now).await?;
        tx.execute(FORGET_EVENTS, &[&absorb_rows.events_before.as_millis(), &STEP]).await?;
        let absorb_rows = Retention { invites_over_before: over_before, ..absorb_rows };
        step(&tx, absorb_rows, from.map_or(0, |cursor| cursor.0)).await
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

async fn step(tx: &Transaction, absorb_rows: Retention, from: i64) -> Result<PurgeStep, EngineError> {
    let over_before = absorb_rows.invites_over_before;
    let mut kept = Vec::new();
    let rows = tx.query(LOOK, &[&from, &STEP]).await?;
    let mut last = None;
    let mut over: BTreeMap<i64, Vec<Vec<u8>>> = BTreeMap::new();
    for row in &rows {
        last = Some(Cursor(row.try_get("place")?));
        let number = row.try_get("host")?;
        let read = match key_cache::host(&tx.engine, number).await {
            Ok(host) => read_invite(row, &host),
            Err(fault) => Err(fault),
        };
        let Some(invite) = tx.engine.readable(read)? else { continue };
        if rules::is_over_since(&invite) < over_before {
            over.entry(number).or_default().push(invite.id.to_bytes().to_vec());
        } else {
            kept.push(invite.id.to_bytes().to_vec());
        }
    }
    let failed_before = ClaimId::lowest(absorb_rows.failed_claims_before).to_bytes().to_vec();
    tx.execute(FORGET_FAILED, &[&kept, &failed_before, &(10 * STEP)]).await?;
    let mut removed = 0;
    for (number, ids) in over {
        let host = key_cache::host(&tx.engine, number).await?;
        removed += forget(tx, number, &host, ids, over_before).await?;
    }
    let visible = i64::try_from(rows.len()) == Ok(STEP);
    Ok(PurgeStep { removed, next: last.filter(|_| visible) })
}

/// Removes invites of one host, as far as they are still over now that nobody else changes them.
async fn forget(
    tx: &Transaction,
    number: i64,
    host: &Host,
    ids: Vec<Vec<u8>>,
    over_before: Timestamp,
) -> Result<u32, EngineError> {
    let lock = i32::try_from(number).map_err(|_| EngineError::Corrupt(format!("host number {number}")))?;
    let row = tx.query_opt(TRY, &[&LOCK_SPACE, &lock]).await?;
    if row.map(|row| row.try_get(0)).transpose()? != Some(true) {
        // Whoever holds it must not hold up other hosts, whose locks this transaction has; the next round looks again.
        return Ok(0);
    }
    let mut over: Vec<InviteId> = Vec::new();
    for row in tx.query(AGAIN, &[&ids]).await? {
        let Some(invite) = tx.engine.readable(read_invite(&row, host))? else { continue };
        if rules::is_over_since(&invite) < over_before {
            over.push(invite.id);
        }
    }
    let ids: Vec<_> = over.iter().map(|id| id.to_bytes().to_vec()).collect();
    let (now, source) = (tx.now.as_millis(), Source::service());
    let action = Action::InvitePurged;
    tx.execute(FORGET, &[&ids, &now, &number, &source.as_str(), &action.as_str()]).await?;
    for _ in &over {
        tx.action_counts(number, action);
    }
    Ok(u32::try_from(over.len()).unwrap_or(u32::MAX))
}
