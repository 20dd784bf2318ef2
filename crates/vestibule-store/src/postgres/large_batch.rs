//! Minting many invites in slices, between which other work goes on.
//!
//! The first transaction takes the places and notes that the batch is being written, the last one takes that note
//! away. Until then nothing shows its invites, also after a crash.

use std::{ops::Range, sync::Arc};

use vestibule_core::{
    Action, IdempotencyKey, Invite, InviteId, NewBatch, Principal, Refusal, StoredBatch, Timestamp, Username,
};

use super::{
    audit::last_row_key,
    batch_statement::{self, Param, column},
    caller::{Caller, authorize},
    engine_context::EngineContext,
    engine_error::EngineError,
    idempotency,
    row::{self, array},
    transaction::{LOCK_SPACE, Transaction, locked},
};
use crate::slices::{STALE, slices};

/// The condition that an invite can be seen, as a piece of SQL.
macro_rules! visible {
    () => {
        "NOT EXISTS (SELECT FROM batches AS b \
         WHERE b.first_place <= invites.place AND b.last_place >= invites.place)"
    };
}
pub(super) use visible;

const BEGIN: &str = concat!(
    "INSERT INTO batches (first_place, last_place, touched_at) SELECT last + 1, last + $1::bigint, $2::bigint
     FROM (SELECT ",
    last_row_key!("invites"),
    " AS last) AS taken WHERE ",
    locked!(),
    " RETURNING first_place"
);

// What the invites have in common is sent once for each slice.
const SLICE: &str = concat!(
    "INSERT INTO invites (place, id, host, kind, token_hash, token_sealed, inviter, labels, max_uses, created_at,
                          expires_at, source, note, data)
     SELECT $4::bigint + a.n, a.id, $3::bigint, $5::text, a.hash, a.sealed, $6::text, $7::text, $8::bigint,
            $9::bigint, $10::bigint, $11::text, $12::text, $13::text
     FROM unnest($1::bytea[], $2::bytea[], $14::bytea[]) WITH ORDINALITY AS a (id, hash, sealed, n)
     WHERE ",
    locked!()
);

const TOUCH: &str = "UPDATE batches SET touched_at = greatest(touched_at, $2) \
     WHERE first_place = $1 AND touched_at > $3";

const APPEND_EVENTS: &str = concat!(
    "INSERT INTO events (place, at, source, action, invite)
     SELECT last + row_number() OVER (ORDER BY i.place), $1::bigint, $2::text, $6::text, i.id
     FROM (SELECT ",
    last_row_key!("events"),
    " AS last) AS taken, invites AS i WHERE i.place BETWEEN $4::bigint AND $5::bigint"
);

const END: &str = "DELETE FROM batches WHERE first_place = $1";

/// TableIo that are removed in one transaction.
const STEP: i64 = 500;

/// What the first transaction has settled.
struct Plan {
    /// What the invites have in common.
    invite: Invite,
    first_row_key: i64,
}

#[expect(clippy::large_enum_variant, reason = "one for a batch of up to 10,000 invites")]
enum BeginOutcome {
    /// The request came before.
    Before(StoredBatch),
    Now(Box<Plan>),
}

/// Mints all or none.
pub(super) async fn insert(
    engine: Arc<EngineContext>,
    by: Principal,
    batch: Arc<NewBatch>,
    idempotency_key: Option<IdempotencyKey>,
) -> Result<StoredBatch, EngineError> {
    let caller = authorize(&engine, &by, batch.draft.needed_scopes()).await?;
    let calls = match &idempotency_key {
        Some(idempotency_key) if idempotency::is_known(&engine, &caller, idempotency_key).await? => 1,
        _ => u32::try_from(batch.tokens.len()).unwrap_or(u32::MAX),
    };
    caller.take(&engine, calls).await?;
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = begin(&tx, &caller, &batch, idempotency_key.as_ref()).await;
    let plan = match tx.end(outcome).await? {
        BeginOutcome::Before(stored) => return Ok(stored),
        BeginOutcome::Now(plan) => plan,
    };
    let outcome = write(&engine, &caller, &batch, idempotency_key.as_ref(), &plan).await;
    if !matches!(outcome, Ok(None)) {
        discard(&engine, &caller, plan.first_row_key).await;
    }
    if let Some(before) = outcome? {
        return Ok(before);
    }
    let tokens = batch.tokens.iter().map(|token| (token.id, token.sealed_token.clone())).collect();
    Ok(StoredBatch { invite: plan.invite, tokens })
}

/// Writes everything after the first transaction. The answer is what another request has made meanwhile.
async fn write(
    engine: &Arc<EngineContext>,
    caller: &Caller,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
    plan: &Plan,
) -> Result<Option<StoredBatch>, EngineError> {
    for range in slices(batch.tokens.len(), NewBatch::row_bytes(&batch.draft)) {
        let tx = batch_statement::begin(engine, caller).await?;
        let outcome = async {
            touch(&tx, plan).await?;
            rows(&tx, caller, batch, plan, range).await
        };
        let outcome = outcome.await;
        tx.end(outcome).await?;
    }
    let tx = batch_statement::begin(engine, caller).await?;
    let outcome = finish(&tx, caller, batch, plan, idempotency_key).await;
    tx.end(outcome).await
}

async fn begin(
    tx: &Transaction,
    caller: &Caller,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<BeginOutcome, EngineError> {
    if let Some(stored) = before(tx, caller, batch, idempotency_key).await? {
        return Ok(BeginOutcome::Before(stored));
    }
    let policy = tx.engine.options.policies.of(&caller.auth.host);
    let expires_at = batch.draft.expires_at(tx.now, policy)?;
    let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
    let nothing = || Refusal::field("count", "there is nothing to make");
    let invite = batch.to_invite(host, source, tx.now, expires_at).ok_or_else(nothing)?;
    let count = batch.tokens.len();
    let row_keys = i64::try_from(count).unwrap_or(i64::MAX);
    let row = tx.query_opt(BEGIN, &[&row_keys, &tx.now.as_millis(), &caller.host_number]).await?;
    let first_row_key =
        row.ok_or_else(|| EngineError::Corrupt("a batch has no places".to_owned()))?.try_get(0)?;
    let plan = Plan { invite, first_row_key };
    rows(tx, caller, batch, &plan, count - 1..count).await?;
    Ok(BeginOutcome::Now(Box::new(plan)))
}

/// Makes sure that nobody takes the batch for one that was broken off.
async fn touch(tx: &Transaction, plan: &Plan) -> Result<(), EngineError> {
    let (now, alive) = (tx.now.as_millis(), tx.now.minus(STALE).as_millis());
    match tx.execute(TOUCH, &[&plan.first_row_key, &now, &alive]).await? {
        1 => Ok(()),
        _ => Err(EngineError::Unavailable("the batch took too long, or the clock has jumped".to_owned())),
    }
}

async fn rows(
    tx: &Transaction,
    caller: &Caller,
    batch: &NewBatch,
    plan: &Plan,
    range: Range<usize>,
) -> Result<(), EngineError> {
    // `n` begins at 1.
    let before = plan.first_row_key + i64::try_from(range.start).unwrap_or(i64::MAX) - 1;
    let tokens = &batch.tokens[range];
    let invite = &plan.invite;
    let params: Vec<Param> = vec![
        column(tokens, |token| token.id.to_bytes().to_vec()),
        column(tokens, |token| token.hash.as_bytes().to_vec()),
        Box::new(caller.host_number),
        Box::new(before),
        Box::new(invite.kind.as_str()),
        Box::new(invite.inviter.as_ref().map(Username::as_str).map(str::to_owned)),
        Box::new(row::labels(invite)),
        Box::new(invite.max_uses.map(i64::from)),
        Box::new(invite.created_at.as_millis()),
        Box::new(invite.expires_at.as_millis()),
        Box::new(invite.source.as_str().to_owned()),
        Box::new(invite.note.clone()),
        Box::new(row::data(invite)),
        column(tokens, |token| token.sealed_token.clone()),
    ];
    let params: Vec<_> =
        params.iter().map(|param| &**param as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
    let written = tx.execute(SLICE, &params).await?;
    if usize::try_from(written) == Ok(tokens.len()) {
        return Ok(());
    }
    Err(EngineError::Corrupt(format!("{written} invites of {} were written", tokens.len())))
}

async fn finish(
    tx: &Transaction,
    caller: &Caller,
    batch: &NewBatch,
    plan: &Plan,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, EngineError> {
    // The same request may have come twice at once; the first to finish counts.
    if let Some(stored) = before(tx, caller, batch, idempotency_key).await? {
        return Ok(Some(stored));
    }
    touch(tx, plan).await?;
    let last_row_key = plan.first_row_key + i64::try_from(batch.tokens.len()).unwrap_or(i64::MAX) - 1;
    let (now, source, action) = (tx.now.as_millis(), caller.auth.source.as_str(), Action::InviteCreated);
    tx.execute(
        APPEND_EVENTS,
        &[&now, &source, &caller.host_number, &plan.first_row_key, &last_row_key, &action.as_str()],
    )
    .await?;
    for _ in &batch.tokens {
        tx.action_counts(caller.host_number, action);
    }
    if let Some(idempotency_key) = idempotency_key {
        idempotency::remember_many(
            tx,
            caller,
            &plan.invite,
            batch.tokens.len(),
            plan.first_row_key,
            idempotency_key,
        )
        .await?;
    }
    tx.execute(END, &[&plan.first_row_key]).await?;
    Ok(None)
}

/// What the same request has made before.
async fn before(
    tx: &Transaction,
    caller: &Caller,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, EngineError> {
    let Some(idempotency_key) = idempotency_key else { return Ok(None) };
    let Some(found) = idempotency::find(tx, caller, batch.tokens.len(), idempotency_key).await? else {
        return Ok(None);
    };
    let mut tokens: Vec<(InviteId, Vec<u8>)> = Vec::with_capacity(batch.tokens.len());
    for row in idempotency::minted(tx, &found, batch.tokens.len()).await? {
        tokens.push((InviteId::from_bytes(array(&row, 0)?), row.try_get(2)?));
    }
    let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
    let invite = batch.to_invite(host, source, found.created_at, found.expires_at);
    let first = invite.zip(tokens.first().cloned());
    Ok(first.map(|(invite, (id, sealed_token))| StoredBatch {
        invite: Invite { id, sealed_token, ..invite },
        tokens: tokens.into(),
    }))
}

/// Removes what is there of a batch, if it still is being written. Where that fails, the purge does it later.
async fn discard(engine: &Arc<EngineContext>, caller: &Caller, first_row_key: i64) {
    loop {
        let Ok(tx) = Transaction::write(engine, &[caller.host_number]).await else { return };
        let outcome = remove(&tx, first_row_key).await;
        if !matches!(tx.end(outcome).await, Ok(false)) {
            return;
        }
    }
}

/// Removes a part of a batch, whose host is locked; `true` when nothing is left of it.
async fn remove(tx: &Transaction, first_row_key: i64) -> Result<bool, EngineError> {
    const FIND: &str = "SELECT last_place FROM batches WHERE first_place = $1";
    const REMOVE: &str = "DELETE FROM invites WHERE place IN \
         (SELECT place FROM invites WHERE place >= $1 AND place < $2 ORDER BY place LIMIT $3)";
    let Some(row) = tx.query_opt(FIND, &[&first_row_key]).await? else { return Ok(true) };
    let last_row_key: i64 = row.try_get(0)?;
    let removed = tx.execute(REMOVE, &[&first_row_key, &last_row_key, &STEP]).await?;
    if i64::try_from(removed) == Ok(STEP) {
        return Ok(false);
    }
    // The last one keeps the places, so it goes together with the note.
    tx.execute("DELETE FROM invites WHERE place = $1", &[&last_row_key]).await?;
    tx.execute(END, &[&first_row_key]).await?;
    Ok(true)
}

/// Removes a part of one batch that was broken off, where nobody changes its host now.
pub(super) async fn purge(tx: &Transaction, now: Timestamp) -> Result<(), EngineError> {
    const FIND: &str = "SELECT first_place FROM batches WHERE touched_at <= $1 LIMIT 1";
    const TRY: &str = "SELECT pg_try_advisory_xact_lock($1, $2)";
    let before = now.minus(STALE).as_millis();
    let Some(row) = tx.query_opt(FIND, &[&before]).await? else { return Ok(()) };
    let first_row_key: i64 = row.try_get(0)?;
    let host = i32::try_from(first_row_key >> 40)
        .map_err(|_| EngineError::Corrupt(format!("place {first_row_key}")))?;
    let row = tx.query_opt(TRY, &[&LOCK_SPACE, &host]).await?;
    if row.map(|row| row.try_get(0)).transpose()? == Some(true) {
        remove(tx, first_row_key).await?;
    }
    Ok(())
}
