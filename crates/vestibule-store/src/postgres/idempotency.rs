//! Requests that may come again: the same answer, and nothing minted.

use tokio_postgres::Row;
use vestibule_core::{
    IDEMPOTENCY_KEY_LIFETIME, IdempotencyKey, Invite, InviteId, NewInvite, Refusal, Timestamp, TokenHash,
};

use super::{asker::Asker, fault::Fault, row::array, session::Session, shared::Shared};

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
    shared: &Shared,
    asker: &Asker,
    idempotency_key: &IdempotencyKey,
) -> Result<bool, Fault> {
    let id = idempotency_key.id(&asker.grant.source);
    let since = shared.now().minus(IDEMPOTENCY_KEY_LIFETIME).as_millis();
    Ok(!shared.query(FIND, &[&id.as_slice(), &since]).await?.is_empty())
}

/// What is remembered of a request.
pub(super) struct Found {
    first_place: i64,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// Finds the same request, for as many invites.
pub(super) async fn find(
    session: &Session,
    asker: &Asker,
    count_asked: usize,
    idempotency_key: &IdempotencyKey,
) -> Result<Option<Found>, Fault> {
    let id = idempotency_key.id(&asker.grant.source);
    let since = session.now.minus(IDEMPOTENCY_KEY_LIFETIME).as_millis();
    let Some(row) = session.query_opt(FIND, &[&id.as_slice(), &since]).await? else {
        return Ok(None);
    };
    let stored: [u8; 32] = array(&row, 0)?;
    let (first_place, count): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
    let [created_at, expires_at] = [row.try_get(3)?, row.try_get(4)?].map(Timestamp::from_millis);
    if stored != idempotency_key.fingerprint || i64::try_from(count_asked) != Ok(count) {
        return Err(Refusal::IdempotencyMismatch.into());
    }
    Ok(Some(Found { first_place, created_at, expires_at }))
}

/// Reads what was drawn for each invite of a request then.
pub(super) async fn minted(session: &Session, found: &Found, count: usize) -> Result<Vec<Row>, Fault> {
    let end = found.first_place + i64::try_from(count).unwrap_or(i64::MAX);
    let rows = session.query(MINTED, &[&found.first_place, &end]).await?;
    if rows.len() == count {
        Ok(rows)
    } else {
        Err(Fault::Corrupt("a repeated request's invites".to_owned()))
    }
}

/// What the same request minted before. What is asked for is the same, so the invites as they were then
/// follow from it; only what was drawn or worked out then is read.
pub(super) async fn minted_before(
    session: &Session,
    asker: &Asker,
    news: &[NewInvite],
    idempotency_key: &IdempotencyKey,
) -> Result<Option<Vec<Invite>>, Fault> {
    let Some(found) = find(session, asker, news.len(), idempotency_key).await? else { return Ok(None) };
    let mut invites = Vec::with_capacity(news.len());
    for (new, row) in news.iter().zip(&minted(session, &found, news.len()).await?) {
        let new = NewInvite {
            id: InviteId::from_bytes(array(row, 0)?),
            hash: TokenHash::from_bytes(array(row, 1)?),
            sealed_token: row.try_get(2)?,
            draft: new.draft.clone(),
        };
        let (host, source) = (asker.grant.host.clone(), asker.grant.source.clone());
        invites.push(new.into_invite(host, source, found.created_at, found.expires_at));
    }
    Ok(Some(invites))
}

/// Remembers what a request has minted.
pub(super) async fn remember(
    session: &Session,
    asker: &Asker,
    minted: &[Invite],
    first_place: i64,
    idempotency_key: &IdempotencyKey,
) -> Result<(), Fault> {
    let Some(first) = minted.first() else { return Ok(()) };
    remember_many(session, asker, first, minted.len(), first_place, idempotency_key).await
}

/// The same for so many invites that are all alike.
pub(super) async fn remember_many(
    session: &Session,
    asker: &Asker,
    invite: &Invite,
    count: usize,
    first_place: i64,
    idempotency_key: &IdempotencyKey,
) -> Result<(), Fault> {
    let id = idempotency_key.id(&asker.grant.source);
    let (created_at, expires_at) = (invite.created_at.as_millis(), invite.expires_at.as_millis());
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    session
        .execute(
            REMEMBER,
            &[
                &id.as_slice(),
                &idempotency_key.fingerprint.as_slice(),
                &first_place,
                &count,
                &created_at,
                &expires_at,
            ],
        )
        .await
        .map(drop)
}

/// Forgets at most `limit` requests that are too old to be repeated.
pub(super) async fn forget(session: &Session, limit: i64) -> Result<(), Fault> {
    let before = session.now.minus(IDEMPOTENCY_KEY_LIFETIME).as_millis();
    session.execute(FORGET, &[&before, &limit]).await.map(drop)
}
