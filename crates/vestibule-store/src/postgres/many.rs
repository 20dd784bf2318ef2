//! Minting many invites in slices, between which other work goes on.
//!
//! The first transaction takes the places and notes that the batch is being written, the last one takes that note
//! away. Until then nothing shows its invites, also after a crash.

use std::{ops::Range, sync::Arc};

use vestibule_core::{
    Action, IdempotencyKey, Invite, InviteId, NewBatch, Principal, Refusal, StoredBatch, Timestamp, Username,
};

use super::{
    asker::{Asker, judge},
    fault::Fault,
    idempotency,
    op::{self, Param, column},
    record::last_place,
    row::{self, array},
    session::{LOCKS, Session, locked},
    shared::Shared,
};
use crate::slices::{STALE, slices};

/// The condition that an invite can be seen, as a piece of SQL.
macro_rules! whole {
    () => {
        "NOT EXISTS (SELECT FROM batches AS b \
         WHERE b.first_place <= invites.place AND b.last_place >= invites.place)"
    };
}
pub(super) use whole;

const BEGIN: &str = concat!(
    "INSERT INTO batches (first_place, last_place, touched_at) SELECT last + 1, last + $1::bigint, $2::bigint
     FROM (SELECT ",
    last_place!("invites"),
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

const SAY: &str = concat!(
    "INSERT INTO events (place, at, source, action, invite)
     SELECT last + row_number() OVER (ORDER BY i.place), $1::bigint, $2::text, $6::text, i.id
     FROM (SELECT ",
    last_place!("events"),
    " AS last) AS taken, invites AS i WHERE i.place BETWEEN $4::bigint AND $5::bigint"
);

const END: &str = "DELETE FROM batches WHERE first_place = $1";

/// Rows that are removed in one transaction.
const STEP: i64 = 500;

/// What the first transaction has settled.
struct Plan {
    /// What the invites have in common.
    invite: Invite,
    first_place: i64,
}

#[expect(clippy::large_enum_variant, reason = "one for a batch of up to 10,000 invites")]
enum Begun {
    /// The request came before.
    Before(StoredBatch),
    Now(Box<Plan>),
}

/// Mints all or none.
pub(super) async fn insert(
    shared: Arc<Shared>,
    by: Principal,
    batch: Arc<NewBatch>,
    idempotency_key: Option<IdempotencyKey>,
) -> Result<StoredBatch, Fault> {
    let asker = judge(&shared, &by, batch.draft.needed_scopes()).await?;
    let calls = match &idempotency_key {
        Some(idempotency_key) if idempotency::is_known(&shared, &asker, idempotency_key).await? => 1,
        _ => u32::try_from(batch.tokens.len()).unwrap_or(u32::MAX),
    };
    asker.take(&shared, calls).await?;
    let session = op::begin(&shared, &asker).await?;
    let outcome = begin(&session, &asker, &batch, idempotency_key.as_ref()).await;
    let plan = match session.end(outcome).await? {
        Begun::Before(stored) => return Ok(stored),
        Begun::Now(plan) => plan,
    };
    let outcome = write(&shared, &asker, &batch, idempotency_key.as_ref(), &plan).await;
    if !matches!(outcome, Ok(None)) {
        discard(&shared, &asker, plan.first_place).await;
    }
    if let Some(before) = outcome? {
        return Ok(before);
    }
    let tokens = batch.tokens.iter().map(|token| (token.id, token.sealed_token.clone())).collect();
    Ok(StoredBatch { invite: plan.invite, tokens })
}

/// Writes everything after the first transaction. The answer is what another request has made meanwhile.
async fn write(
    shared: &Arc<Shared>,
    asker: &Asker,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
    plan: &Plan,
) -> Result<Option<StoredBatch>, Fault> {
    for range in slices(batch.tokens.len(), NewBatch::row_bytes(&batch.draft)) {
        let session = op::begin(shared, asker).await?;
        let outcome = async {
            touch(&session, plan).await?;
            rows(&session, asker, batch, plan, range).await
        };
        let outcome = outcome.await;
        session.end(outcome).await?;
    }
    let session = op::begin(shared, asker).await?;
    let outcome = finish(&session, asker, batch, plan, idempotency_key).await;
    session.end(outcome).await
}

async fn begin(
    session: &Session,
    asker: &Asker,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Begun, Fault> {
    if let Some(stored) = before(session, asker, batch, idempotency_key).await? {
        return Ok(Begun::Before(stored));
    }
    let policy = session.shared.options.policies.of(&asker.grant.host);
    let expires_at = batch.draft.expires_at(session.now, policy)?;
    let (host, source) = (asker.grant.host.clone(), asker.grant.source.clone());
    let nothing = || Refusal::field("count", "there is nothing to make");
    let invite = batch.to_invite(host, source, session.now, expires_at).ok_or_else(nothing)?;
    let count = batch.tokens.len();
    let places = i64::try_from(count).unwrap_or(i64::MAX);
    let row = session.query_opt(BEGIN, &[&places, &session.now.as_millis(), &asker.host_number]).await?;
    let first_place = row.ok_or_else(|| Fault::Corrupt("a batch has no places".to_owned()))?.try_get(0)?;
    let plan = Plan { invite, first_place };
    rows(session, asker, batch, &plan, count - 1..count).await?;
    Ok(Begun::Now(Box::new(plan)))
}

/// Makes sure that nobody takes the batch for one that was broken off.
async fn touch(session: &Session, plan: &Plan) -> Result<(), Fault> {
    let (now, alive) = (session.now.as_millis(), session.now.minus(STALE).as_millis());
    match session.execute(TOUCH, &[&plan.first_place, &now, &alive]).await? {
        1 => Ok(()),
        _ => Err(Fault::Outage("the batch took too long, or the clock has jumped".to_owned())),
    }
}

async fn rows(
    session: &Session,
    asker: &Asker,
    batch: &NewBatch,
    plan: &Plan,
    range: Range<usize>,
) -> Result<(), Fault> {
    // `n` begins at 1.
    let before = plan.first_place + i64::try_from(range.start).unwrap_or(i64::MAX) - 1;
    let tokens = &batch.tokens[range];
    let invite = &plan.invite;
    let params: Vec<Param> = vec![
        column(tokens, |token| token.id.to_bytes().to_vec()),
        column(tokens, |token| token.hash.as_bytes().to_vec()),
        Box::new(asker.host_number),
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
    let written = session.execute(SLICE, &params).await?;
    if usize::try_from(written) == Ok(tokens.len()) {
        return Ok(());
    }
    Err(Fault::Corrupt(format!("{written} invites of {} were written", tokens.len())))
}

async fn finish(
    session: &Session,
    asker: &Asker,
    batch: &NewBatch,
    plan: &Plan,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, Fault> {
    // The same request may have come twice at once; the first to finish counts.
    if let Some(stored) = before(session, asker, batch, idempotency_key).await? {
        return Ok(Some(stored));
    }
    touch(session, plan).await?;
    let last_place = plan.first_place + i64::try_from(batch.tokens.len()).unwrap_or(i64::MAX) - 1;
    let (now, source, action) = (session.now.as_millis(), asker.grant.source.as_str(), Action::InviteCreated);
    session
        .execute(SAY, &[&now, &source, &asker.host_number, &plan.first_place, &last_place, &action.as_str()])
        .await?;
    for _ in &batch.tokens {
        session.tally(asker.host_number, action);
    }
    if let Some(idempotency_key) = idempotency_key {
        idempotency::remember_many(
            session,
            asker,
            &plan.invite,
            batch.tokens.len(),
            plan.first_place,
            idempotency_key,
        )
        .await?;
    }
    session.execute(END, &[&plan.first_place]).await?;
    Ok(None)
}

/// What the same request has made before.
async fn before(
    session: &Session,
    asker: &Asker,
    batch: &NewBatch,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, Fault> {
    let Some(idempotency_key) = idempotency_key else { return Ok(None) };
    let Some(found) = idempotency::find(session, asker, batch.tokens.len(), idempotency_key).await? else {
        return Ok(None);
    };
    let mut tokens: Vec<(InviteId, Vec<u8>)> = Vec::with_capacity(batch.tokens.len());
    for row in idempotency::minted(session, &found, batch.tokens.len()).await? {
        tokens.push((InviteId::from_bytes(array(&row, 0)?), row.try_get(2)?));
    }
    let (host, source) = (asker.grant.host.clone(), asker.grant.source.clone());
    let invite = batch.to_invite(host, source, found.created_at, found.expires_at);
    let first = invite.zip(tokens.first().cloned());
    Ok(first.map(|(invite, (id, sealed_token))| StoredBatch {
        invite: Invite { id, sealed_token, ..invite },
        tokens: tokens.into(),
    }))
}

/// Removes what is there of a batch, if it still is being written. Where that fails, the purge does it later.
async fn discard(shared: &Arc<Shared>, asker: &Asker, first_place: i64) {
    loop {
        let Ok(session) = Session::write(shared, &[asker.host_number]).await else { return };
        let outcome = remove(&session, first_place).await;
        if !matches!(session.end(outcome).await, Ok(false)) {
            return;
        }
    }
}

/// Removes a part of a batch, whose host is locked; `true` when nothing is left of it.
async fn remove(session: &Session, first_place: i64) -> Result<bool, Fault> {
    const FIND: &str = "SELECT last_place FROM batches WHERE first_place = $1";
    const REMOVE: &str = "DELETE FROM invites WHERE place IN \
         (SELECT place FROM invites WHERE place >= $1 AND place < $2 ORDER BY place LIMIT $3)";
    let Some(row) = session.query_opt(FIND, &[&first_place]).await? else { return Ok(true) };
    let last_place: i64 = row.try_get(0)?;
    let removed = session.execute(REMOVE, &[&first_place, &last_place, &STEP]).await?;
    if i64::try_from(removed) == Ok(STEP) {
        return Ok(false);
    }
    // The last one keeps the places, so it goes together with the note.
    session.execute("DELETE FROM invites WHERE place = $1", &[&last_place]).await?;
    session.execute(END, &[&first_place]).await?;
    Ok(true)
}

/// Removes a part of one batch that was broken off, where nobody changes its host now.
pub(super) async fn purge(session: &Session, now: Timestamp) -> Result<(), Fault> {
    const FIND: &str = "SELECT first_place FROM batches WHERE touched_at <= $1 LIMIT 1";
    const TRY: &str = "SELECT pg_try_advisory_xact_lock($1, $2)";
    let before = now.minus(STALE).as_millis();
    let Some(row) = session.query_opt(FIND, &[&before]).await? else { return Ok(()) };
    let first_place: i64 = row.try_get(0)?;
    let host =
        i32::try_from(first_place >> 40).map_err(|_| Fault::Corrupt(format!("place {first_place}")))?;
    let row = session.query_opt(TRY, &[&LOCKS, &host]).await?;
    if row.map(|row| row.try_get(0)).transpose()? == Some(true) {
        remove(session, first_place).await?;
    }
    Ok(())
}
