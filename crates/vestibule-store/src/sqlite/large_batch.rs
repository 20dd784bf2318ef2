//! Minting many invites in slices, between which other work goes on.
//!
//! The first transaction takes the places and notes that the batch is being written, the last one takes that note
//! away. Until then nothing shows its invites, also after a crash. What they have in common is written once.

use std::{ops::Range, sync::Arc};

use rusqlite::OptionalExtension;
use vestibule_core::{
    Action, IdempotencyKey, Invite, InviteId, NewBatch, Principal, Refusal, StoreError, StoredBatch,
};

use super::{
    audit::append_event,
    caller::{Caller, authorize},
    database_thread::DatabaseThread,
    idempotency,
    job::EngineError,
    row::{Fields, insert_invite_with_key, share_fields},
    transaction::{Table, Transaction},
};
use crate::slices::{STALE, slices};

/// The condition that an invite can be seen, as a piece of SQL.
macro_rules! visible {
    () => {
        "NOT EXISTS (SELECT 1 FROM batches AS b \
         WHERE b.first_place <= invites.place AND b.last_place >= invites.place)"
    };
}
pub(super) use visible;

const BEGIN: &str = "INSERT INTO batches (first_place, last_place, touched_at) VALUES (?1, ?2, ?3)";

const TOUCH: &str =
    "UPDATE batches SET touched_at = max(touched_at, ?2) WHERE first_place = ?1 AND touched_at > ?3";

const END: &str = "DELETE FROM batches WHERE first_place = ?1";

/// TableIo that are removed in one transaction.
const STEP: i64 = 500;

/// What the first transaction has settled.
#[derive(Clone)]
struct Plan {
    /// What the invites have in common.
    invite: Invite,
    first_row_key: i64,
    fields: Fields,
}

#[expect(clippy::large_enum_variant, reason = "one for a batch of up to 10,000 invites")]
enum BeginOutcome {
    /// The request came before.
    Before(StoredBatch),
    Now(Box<Plan>),
}

/// Mints all or none.
pub(super) async fn insert(
    writer: Arc<DatabaseThread>,
    by: Principal,
    batch: Arc<NewBatch>,
    idempotency_key: Option<IdempotencyKey>,
) -> Result<StoredBatch, StoreError> {
    let (caller, news, request) = (by.clone(), Arc::clone(&batch), idempotency_key);
    let begun = writer.run(move |tx| begin(tx, &caller, &news, request.as_ref())).await?;
    let plan = match begun {
        BeginOutcome::Before(stored) => return Ok(stored),
        BeginOutcome::Now(plan) => Arc::from(plan),
    };
    let outcome = write(&writer, &by, &batch, idempotency_key, &plan).await;
    if !matches!(outcome, Ok(None)) {
        discard(&writer, plan.first_row_key).await;
    }
    if let Some(before) = outcome? {
        return Ok(before);
    }
    let tokens = batch.tokens.iter().map(|token| (token.id, token.sealed_token.clone())).collect();
    Ok(StoredBatch { invite: plan.invite.clone(), tokens })
}

/// Writes everything after the first transaction. The answer is what another request has made meanwhile.
async fn write(
    writer: &DatabaseThread,
    by: &Principal,
    batch: &Arc<NewBatch>,
    idempotency_key: Option<IdempotencyKey>,
    plan: &Arc<Plan>,
) -> Result<Option<StoredBatch>, StoreError> {
    for range in slices(batch.tokens.len(), NewBatch::own_bytes(&batch.draft)) {
        let (by, batch, plan) = (by.clone(), Arc::clone(batch), Arc::clone(plan));
        writer.run(move |tx| slice(tx, &by, &batch, &plan, range.clone())).await?;
    }
    let (by, batch, plan) = (by.clone(), Arc::clone(batch), Arc::clone(plan));
    writer.run(move |tx| finish(tx, &by, &batch, &plan, idempotency_key.as_ref())).await
}

fn begin(
    tx: &Transaction<'_>,
    by: &Principal,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<BeginOutcome, EngineError> {
    let caller = authorize(tx, by, batch.draft.needed_scopes())?;
    if let Some(stored) = before(tx, &caller, batch, idempotency_key)? {
        caller.take(tx, 1)?;
        return Ok(BeginOutcome::Before(stored));
    }
    let count = batch.tokens.len();
    caller.take(tx, u32::try_from(count).unwrap_or(u32::MAX))?;
    let policy = tx.engine.options.policies.of(&caller.auth.host);
    let expires_at = batch.draft.expires_at(tx.now, policy)?;
    let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
    let nothing = || Refusal::field("count", "there is nothing to make");
    let invite = batch.to_invite(host, source, tx.now, expires_at).ok_or_else(nothing)?;
    let first_row_key = tx.next_row_keys(Table::Invites, caller.host_number, count)?;
    let last_row_key = first_row_key + i64::try_from(count - 1).unwrap_or(0);
    tx.statement(BEGIN)?.execute((first_row_key, last_row_key, tx.now.as_millis()))?;
    let fields = share_fields(tx, first_row_key, &invite)?;
    let plan = Plan { invite, first_row_key, fields };
    rows(tx, &caller, batch, &plan, count - 1..count)?;
    Ok(BeginOutcome::Now(Box::new(plan)))
}

fn slice(
    tx: &Transaction<'_>,
    by: &Principal,
    batch: &NewBatch,
    plan: &Plan,
    range: Range<usize>,
) -> Result<(), EngineError> {
    let caller = authorize(tx, by, batch.draft.needed_scopes())?;
    touch(tx, plan)?;
    Ok(rows(tx, &caller, batch, plan, range)?)
}

/// Makes sure that nobody takes the batch for one that was broken off.
fn touch(tx: &Transaction<'_>, plan: &Plan) -> Result<(), EngineError> {
    let (now, alive) = (tx.now.as_millis(), tx.now.minus(STALE).as_millis());
    match tx.statement(TOUCH)?.execute((plan.first_row_key, now, alive))? {
        1 => Ok(()),
        _ => Err(EngineError::Late("the batch took too long, or the clock has jumped".to_owned())),
    }
}

fn rows(
    tx: &Transaction<'_>,
    caller: &Caller,
    batch: &NewBatch,
    plan: &Plan,
    range: Range<usize>,
) -> rusqlite::Result<()> {
    let mut invite = plan.invite.clone();
    for index in range {
        let token = &batch.tokens[index];
        invite.id = token.id;
        invite.sealed_token.clone_from(&token.sealed_token);
        let row_key = plan.first_row_key + i64::try_from(index).unwrap_or(i64::MAX);
        insert_invite_with_key(tx, caller.host_number, &invite, token.hash.as_bytes(), row_key, plan.fields)?;
    }
    Ok(())
}

fn finish(
    tx: &Transaction<'_>,
    by: &Principal,
    batch: &NewBatch,
    plan: &Plan,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, EngineError> {
    let caller = authorize(tx, by, batch.draft.needed_scopes())?;
    // The same request may have come twice at once; the first to finish counts.
    if let Some(stored) = before(tx, &caller, batch, idempotency_key)? {
        return Ok(Some(stored));
    }
    touch(tx, plan)?;
    for token in &batch.tokens {
        append_event(tx, &caller, Action::InviteCreated, &token.id.to_string(), None)?;
    }
    if let Some(idempotency_key) = idempotency_key {
        idempotency::remember_many(
            tx,
            &caller,
            &plan.invite,
            batch.tokens.len(),
            plan.first_row_key,
            idempotency_key,
        )?;
    }
    tx.statement(END)?.execute([plan.first_row_key])?;
    Ok(None)
}

/// What the same request has made before.
fn before(
    tx: &Transaction<'_>,
    caller: &Caller,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, EngineError> {
    let Some(idempotency_key) = idempotency_key else { return Ok(None) };
    let Some(found) = idempotency::find(tx, caller, batch.tokens.len(), idempotency_key)? else {
        return Ok(None);
    };
    let mut tokens: Vec<(InviteId, Vec<u8>)> = Vec::with_capacity(batch.tokens.len());
    idempotency::each_minted(tx, &found, batch.tokens.len(), |id, _, sealed| tokens.push((id, sealed)))?;
    let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
    let invite = batch.to_invite(host, source, found.created_at, found.expires_at);
    let first = invite.zip(tokens.first().cloned());
    Ok(first.map(|(invite, (id, sealed_token))| StoredBatch {
        invite: Invite { id, sealed_token, ..invite },
        tokens: tokens.into(),
    }))
}

/// Removes what is there of a batch, if it still is being written. Where that fails, the purge does it later.
async fn discard(writer: &DatabaseThread, first_row_key: i64) {
    while let Ok(false) = writer.run(move |tx| Ok(remove(tx, first_row_key)?)).await {}
}

/// Removes a part of a batch; `true` when nothing is left of it.
fn remove(tx: &Transaction<'_>, first_row_key: i64) -> rusqlite::Result<bool> {
    const FIND: &str = "SELECT last_place FROM batches WHERE first_place = ?1";
    const REMOVE: &str = "DELETE FROM invites WHERE place IN \
         (SELECT place FROM invites WHERE place >= ?1 AND place < ?2 ORDER BY place LIMIT ?3)";
    let last: Option<i64> = tx.statement(FIND)?.query_row([first_row_key], |row| row.get(0)).optional()?;
    let Some(last_row_key) = last else { return Ok(true) };
    let removed = tx.statement(REMOVE)?.execute((first_row_key, last_row_key, STEP))?;
    if i64::try_from(removed) == Ok(STEP) {
        return Ok(false);
    }
    // The last one keeps the places, so it goes together with the note.
    tx.statement("DELETE FROM invites WHERE place = ?1")?.execute([last_row_key])?;
    tx.statement(END)?.execute([first_row_key])?;
    Ok(true)
}

/// Removes a part of one batch that was broken off.
pub(super) fn purge(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    const FIND: &str = "SELECT first_place FROM batches WHERE touched_at <= ?1 LIMIT 1";
    let before = tx.now.minus(STALE).as_millis();
    let found: Option<i64> = tx.statement(FIND)?.query_row([before], |row| row.get(0)).optional()?;
    match found {
        Some(first_row_key) => remove(tx, first_row_key).map(drop),
        None => Ok(()),
    }
}
