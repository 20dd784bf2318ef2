//! Requests that may come again: the same answer, and nothing minted.

use tokio_postgres::Row;
use vestibule_core::{
    IDEMPOTENCY_KEY_LIFETIME, IdempotencyKey, Invite, InviteId, NewInvite, Refusal, Timestamp, TokenHash,
};

use super::{
    caller::Caller, engine_context::EngineContext, engine_error::EngineError, row::array,
    transaction::Transaction,
};

const FIND: &str = "SELECT fingerprint, first_place, count, created_at, expires_at FROM requests \
     WHERE id = $1 AND created_at > $2";

const REMEMBER: &str = "INSERT INTO requests \
     (id, fingerprint, first_place, count, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, \
     first_place = excluded.first_place, count = excluded.count, created_at = excluded.created_at, \
     expires_at = excluded.expires_at";

const MINTED: &str = "SELECT id, token_hash, token_sealed FROM invites WHERE place >= $1 AND place < $2 \
     ORDER BY place";

const FORGET: &str = "DELETE FROM requests WHERE id IN \
     (SELECT id FROM requests WHERE created_at <= $1 ORDER BY created_at LIMIT $2)";

/// Whether the request came before, as far as can be told before its turn: what it costs of a rate.
pub(super) async fn is_known(
    engine: &EngineContext,
    caller: &Caller,
    idempotency_key: &IdempotencyKey,
) -> Result<bool, EngineError> {
    let id = idempotency_key.id(&caller.auth.source);
    let since = engine.now().minus(IDEMPOTENCY_KEY_LIFETIME).as_millis();
    Ok(!engine.query(FIND, &[&id.as_slice(), &since]).await?.is_empty())
}

/// What is remembered of a request.
pub(super) struct Found {
    first_row_key: i64,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// Finds the same request, for as many invites.
pub(super) async fn find(
    tx: &Transaction,
    caller: &Caller,
    count_asked: usize,
    idempotency_key: &IdempotencyKey,
) -> Result<Option<Found>, EngineError> {
    let id = idempotency_key.id(&caller.auth.source);
    let since = tx.now.minus(IDEMPOTENCY_KEY_LIFETIME).as_millis();
    let Some(row) = tx.query_opt(FIND, &[&id.as_slice(), &since]).await? else {
        return Ok(None);
    };
    let stored: [u8; 32] = array(&row, 0)?;
    let (first_row_key, count): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
    let [created_at, expires_at] = [row.try_get(3)?, row.try_get(4)?].map(Timestamp::from_millis);
    if stored != idempotency_key.fingerprint || i64::try_from(count_asked) != Ok(count) {
        return Err(Refusal::IdempotencyMismatch.into());
    }
    Ok(Some(Found { first_row_key, created_at, expires_at }))
}

/// Reads what was drawn for each invite of a request then.
pub(super) async fn minted(tx: &Transaction, found: &Found, count: usize) -> Result<Vec<Row>, EngineError> {
    let end = found.first_row_key + i64::try_from(count).unwrap_or(i64::MAX);
    let rows = tx.query(MINTED, &[&found.first_row_key, &end]).await?;
    if rows.len() == count {
        Ok(rows)
    } else {
        Err(EngineError::Corrupt("a repeated request's invites".to_owned()))
    }
}

/// What the same request minted before. What is asked for is the same, so the invites as they were then
/// follow from it; only what was drawn or worked out then is read.
pub(super) async fn minted_before(
    tx: &Transaction,
    caller: &Caller,
    news: &[NewInvite],
    idempotency_key: &IdempotencyKey,
) -> Result<Option<Vec<Invite>>, EngineError> {
    let Some(found) = find(tx, caller, news.len(), idempotency_key).await? else { return Ok(None) };
    let mut invites = Vec::with_capacity(news.len());
    for (new, row) in news.iter().zip(&minted(tx, &found, news.len()).await?) {
        let new = NewInvite {
            id: InviteId::from_bytes(array(row, 0)?),
            hash: TokenHash::from_bytes(array(row, 1)?),
            sealed_token: row.try_get(2)?,
            draft: new.draft.clone(),
        };
        let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
        invites.push(new.into_invite(host, source, found.created_at, found.expires_at));
    }
    Ok(Some(invites))
}

/// Remembers what a request has minted.
pub(super) async fn remember(
    tx: &Transaction,
    caller: &Caller,
    minted: &[Invite],
    first_row_key: i64,
    idempotency_key: &IdempotencyKey,
) -> Result<(), EngineError> {
    let Some(first) = minted.first() else { return Ok(()) };
    remember_many(tx, caller, first, minted.len(), first_row_key, idempotency_key).await
}

/// The same for so many invites that are all alike.
pub(super) async fn remember_many(
    tx: &Transaction,
    caller: &Caller,
    invite: &Invite,
    count: usize,
    first_row_key: i64,
    idempotency_key: &IdempotencyKey,
) -> Result<(), EngineError> {
    let id = idempotency_key.id(&caller.auth.source);
    let (created_at, expires_at) = (invite.created_at.as_millis(), invite.expires_at.as_millis());
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    tx.execute(
        REMEMBER,
        &[
            &id.as_slice(),
            &idempotency_key.fingerprint.as_slice(),
            &first_row_key,
            &count,
            &created_at,
            &expires_at,
        ],
    )
    .await
    .map(drop)
}

/// Forgets at most `limit` requests that are too old to be repeated.
pub(super) async fn forget(tx: &Transaction, limit: i64) -> Result<(), EngineError> {
    let before = tx.now.minus(IDEMPOTENCY_KEY_LIFETIME).as_millis();
    tx.execute(FORGET, &[&before, &limit]).await.map(drop)
}
