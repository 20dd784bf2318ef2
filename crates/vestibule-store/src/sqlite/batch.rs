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
    grant::{Granted, authorize},
    idempotency,
    job::Fault,
    lane::Lane,
    record::record,
    row::{Fields, insert_invite_at, share_fields},
    session::{Session, Table},
};
use crate::slices::{STALE, slices};

/// The condition that an invite can be seen, as a piece of SQL.
macro_rules! whole {
    () => {
        "NOT EXISTS (SELECT 1 FROM batches AS b \
         WHERE b.first_place <= invites.place AND b.last_place >= invites.place)"
    };
}
pub(super) use whole;

const BEGIN: &str = "INSERT INTO batches (first_place, last_place, touched_at) VALUES (?1, ?2, ?3)";

const TOUCH: &str =
    "UPDATE batches SET touched_at = max(touched_at, ?2) WHERE first_place = ?1 AND touched_at > ?3";

const END: &str = "DELETE FROM batches WHERE first_place = ?1";

/// Rows that are removed in one transaction.
const STEP: i64 = 500;

/// What the first transaction has settled.
#[derive(Clone)]
struct Plan {
    /// What the invites have in common.
    invite: Invite,
    first_place: i64,
    fields: Fields,
}

#[expect(clippy::large_enum_variant, reason = "one for a batch of up to 10,000 invites")]
enum Begun {
    /// The request came before.
    Before(StoredBatch),
    Now(Box<Plan>),
}

/// Mints all or none.
pub(super) async fn insert(
    writer: Arc<Lane>,
    by: Principal,
    batch: Arc<NewBatch>,
    idempotency_key: Option<IdempotencyKey>,
) -> Result<StoredBatch, StoreError> {
    let (asker, news, request) = (by.clone(), Arc::clone(&batch), idempotency_key);
    let begun = writer.run(move |session| begin(session, &asker, &news, request.as_ref())).await?;
    let plan = match begun {
        Begun::Before(stored) => return Ok(stored),
        Begun::Now(plan) => Arc::from(plan),
    };
    let outcome = write(&writer, &by, &batch, idempotency_key, &plan).await;
    if !matches!(outcome, Ok(None)) {
        discard(&writer, plan.first_place).await;
    }
    if let Some(before) = outcome? {
        return Ok(before);
    }
    let tokens = batch.tokens.iter().map(|token| (token.id, token.sealed_token.clone())).collect();
    Ok(StoredBatch { invite: plan.invite.clone(), tokens })
}

/// Writes everything after the first transaction. The answer is what another request has made meanwhile.
async fn write(
    writer: &Lane,
    by: &Principal,
    batch: &Arc<NewBatch>,
    idempotency_key: Option<IdempotencyKey>,
    plan: &Arc<Plan>,
) -> Result<Option<StoredBatch>, StoreError> {
    for range in slices(batch.tokens.len(), NewBatch::own_bytes(&batch.draft)) {
        let (by, batch, plan) = (by.clone(), Arc::clone(batch), Arc::clone(plan));
        writer.run(move |session| slice(session, &by, &batch, &plan, range.clone())).await?;
    }
    let (by, batch, plan) = (by.clone(), Arc::clone(batch), Arc::clone(plan));
    writer.run(move |session| finish(session, &by, &batch, &plan, idempotency_key.as_ref())).await
}

fn begin(
    session: &Session<'_>,
    by: &Principal,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Begun, Fault> {
    let granted = authorize(session, by, batch.draft.needed_scopes())?;
    if let Some(stored) = before(session, &granted, batch, idempotency_key)? {
        granted.take(session, 1)?;
        return Ok(Begun::Before(stored));
    }
    let count = batch.tokens.len();
    granted.take(session, u32::try_from(count).unwrap_or(u32::MAX))?;
    let policy = session.shared.options.policies.of(&granted.grant.host);
    let expires_at = batch.draft.expires_at(session.now, policy)?;
    let (host, source) = (granted.grant.host.clone(), granted.grant.source.clone());
    let nothing = || Refusal::field("count", "there is nothing to make");
    let invite = batch.to_invite(host, source, session.now, expires_at).ok_or_else(nothing)?;
    let first_place = session.next_places(Table::Invites, granted.host_number, count)?;
    let last_place = first_place + i64::try_from(count - 1).unwrap_or(0);
    session.statement(BEGIN)?.execute((first_place, last_place, session.now.as_millis()))?;
    let fields = share_fields(session, first_place, &invite)?;
    let plan = Plan { invite, first_place, fields };
    rows(session, &granted, batch, &plan, count - 1..count)?;
    Ok(Begun::Now(Box::new(plan)))
}

fn slice(
    session: &Session<'_>,
    by: &Principal,
    batch: &NewBatch,
    plan: &Plan,
    range: Range<usize>,
) -> Result<(), Fault> {
    let granted = authorize(session, by, batch.draft.needed_scopes())?;
    touch(session, plan)?;
    Ok(rows(session, &granted, batch, plan, range)?)
}

/// Makes sure that nobody takes the batch for one that was broken off.
fn touch(session: &Session<'_>, plan: &Plan) -> Result<(), Fault> {
    let (now, alive) = (session.now.as_millis(), session.now.minus(STALE).as_millis());
    match session.statement(TOUCH)?.execute((plan.first_place, now, alive))? {
        1 => Ok(()),
        _ => Err(Fault::Late("the batch took too long, or the clock has jumped".to_owned())),
    }
}

fn rows(
    session: &Session<'_>,
    granted: &Granted,
    batch: &NewBatch,
    plan: &Plan,
    range: Range<usize>,
) -> rusqlite::Result<()> {
    let mut invite = plan.invite.clone();
    for index in range {
        let token = &batch.tokens[index];
        invite.id = token.id;
        invite.sealed_token.clone_from(&token.sealed_token);
        let place = plan.first_place + i64::try_from(index).unwrap_or(i64::MAX);
        insert_invite_at(session, granted.host_number, &invite, token.hash.as_bytes(), place, plan.fields)?;
    }
    Ok(())
}

fn finish(
    session: &Session<'_>,
    by: &Principal,
    batch: &NewBatch,
    plan: &Plan,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, Fault> {
    let granted = authorize(session, by, batch.draft.needed_scopes())?;
    // The same request may have come twice at once; the first to finish counts.
    if let Some(stored) = before(session, &granted, batch, idempotency_key)? {
        return Ok(Some(stored));
    }
    touch(session, plan)?;
    for token in &batch.tokens {
        record(session, &granted, Action::InviteCreated, &token.id.to_string(), None)?;
    }
    if let Some(idempotency_key) = idempotency_key {
        idempotency::remember_many(
            session,
            &granted,
            &plan.invite,
            batch.tokens.len(),
            plan.first_place,
            idempotency_key,
        )?;
    }
    session.statement(END)?.execute([plan.first_place])?;
    Ok(None)
}

/// What the same request has made before.
fn before(
    session: &Session<'_>,
    granted: &Granted,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, Fault> {
    let Some(idempotency_key) = idempotency_key else { return Ok(None) };
    let Some(found) = idempotency::find(session, granted, batch.tokens.len(), idempotency_key)? else {
        return Ok(None);
    };
    let mut tokens: Vec<(InviteId, Vec<u8>)> = Vec::with_capacity(batch.tokens.len());
    idempotency::each_minted(session, &found, batch.tokens.len(), |id, _, sealed| tokens.push((id, sealed)))?;
    let (host, source) = (granted.grant.host.clone(), granted.grant.source.clone());
    let invite = batch.to_invite(host, source, found.created_at, found.expires_at);
    let first = invite.zip(tokens.first().cloned());
    Ok(first.map(|(invite, (id, sealed_token))| StoredBatch {
        invite: Invite { id, sealed_token, ..invite },
        tokens: tokens.into(),
    }))
}

/// Removes what is there of a batch, if it still is being written. Where that fails, the purge does it later.
async fn discard(writer: &Lane, first_place: i64) {
    while let Ok(false) = writer.run(move |session| Ok(remove(session, first_place)?)).await {}
}

/// Removes a part of a batch; `true` when nothing is left of it.
fn remove(session: &Session<'_>, first_place: i64) -> rusqlite::Result<bool> {
    const FIND: &str = "SELECT last_place FROM batches WHERE first_place = ?1";
    const REMOVE: &str = "DELETE FROM invites WHERE place IN \
         (SELECT place FROM invites WHERE place >= ?1 AND place < ?2 ORDER BY place LIMIT ?3)";
    let last: Option<i64> = session.statement(FIND)?.query_row([first_place], |row| row.get(0)).optional()?;
    let Some(last_place) = last else { return Ok(true) };
    let removed = session.statement(REMOVE)?.execute((first_place, last_place, STEP))?;
    if i64::try_from(removed) == Ok(STEP) {
        return Ok(false);
    }
    // The last one keeps the places, so it goes together with the note.
    session.statement("DELETE FROM invites WHERE place = ?1")?.execute([last_place])?;
    session.statement(END)?.execute([first_place])?;
    Ok(true)
}

/// Removes a part of one batch that was broken off.
pub(super) fn purge(session: &Session<'_>) -> rusqlite::Result<()> {
    const FIND: &str = "SELECT first_place FROM batches WHERE touched_at <= ?1 LIMIT 1";
    let before = session.now.minus(STALE).as_millis();
    let found: Option<i64> = session.statement(FIND)?.query_row([before], |row| row.get(0)).optional()?;
    match found {
        Some(first_place) => remove(session, first_place).map(drop),
        None => Ok(()),
    }
}
