//! Requests that may come again: the same answer, and nothing minted.

use rusqlite::OptionalExtension;
use vestibule_core::{
    IDEMPOTENCY_KEY_LIFETIME, IdempotencyKey, Invite, InviteId, NewInvite, Refusal, Timestamp, TokenHash,
};

use super::{caller::Caller, job::EngineError, transaction::Transaction};

const FIND: &str = "SELECT fingerprint, first_place, count, created_at, expires_at FROM requests \
     WHERE id = ?1 AND created_at > ?2";

const REMEMBER: &str = "INSERT OR REPLACE INTO requests \
     (id, fingerprint, first_place, count, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

const MINTED: &str = "SELECT id, token_hash, token_sealed FROM invites WHERE place >= ?1 AND place < ?2 \
     ORDER BY place";

const FORGET: &str = "DELETE FROM requests WHERE id IN \
     (SELECT id FROM requests WHERE created_at <= ?1 ORDER BY created_at LIMIT ?2)";

/// What is remembered of a request.
pub(super) struct Found {
    first_row_key: i64,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// Finds the same request, for as many invites.
pub(super) fn find(
    tx: &Transaction<'_>,
    caller: &Caller,
    asked: usize,
    idempotency_key: &IdempotencyKey,
) -> Result<Option<Found>, EngineError> {
    let since = tx.now.minus(IDEMPOTENCY_KEY_LIFETIME).as_millis();
    let found = tx
        .statement(FIND)?
        .query_row((idempotency_key.id(&caller.auth.source), since), |row| {
            let fingerprint: [u8; 32] = row.get(0)?;
            let row_keys: (i64, i64) = (row.get(1)?, row.get(2)?);
            let times: (i64, i64) = (row.get(3)?, row.get(4)?);
            Ok((fingerprint, row_keys, times))
        })
        .optional()?;
    let Some((fingerprint, (first_row_key, count), (created_at, expires_at))) = found else {
        return Ok(None);
    };
    if fingerprint != idempotency_key.fingerprint || i64::try_from(asked) != Ok(count) {
        return Err(Refusal::IdempotencyMismatch.into());
    }
    let [created_at, expires_at] = [created_at, expires_at].map(Timestamp::from_millis);
    Ok(Some(Found { first_row_key, created_at, expires_at }))
}

/// Reads what was drawn for each invite of a request then.
pub(super) fn each_minted(
    tx: &Transaction<'_>,
    found: &Found,
    count: usize,
    mut each: impl FnMut(InviteId, TokenHash, Vec<u8>),
) -> Result<(), EngineError> {
    let end = found.first_row_key + i64::try_from(count).unwrap_or(i64::MAX);
    let mut statement = tx.statement(MINTED)?;
    let mut rows = statement.query((found.first_row_key, end))?;
    for _ in 0..count {
        let row =
            rows.next()?.ok_or_else(|| EngineError::Corrupt("a repeated request's invites".to_owned()))?;
        each(InviteId::from_bytes(row.get(0)?), TokenHash::from_bytes(row.get(1)?), row.get(2)?);
    }
    Ok(())
}

/// What the same request minted before. What is asked for is the same, so the invites as they were then
/// follow from it; only what was drawn or worked out then is read.
pub(super) fn minted_before(
    tx: &Transaction<'_>,
    caller: &Caller,
    asked: &[NewInvite],
    idempotency_key: &IdempotencyKey,
) -> Result<Option<Vec<Invite>>, EngineError> {
    let Some(found) = find(tx, caller, asked.len(), idempotency_key)? else { return Ok(None) };
    let mut minted = Vec::with_capacity(asked.len());
    let mut news = asked.iter();
    each_minted(tx, &found, asked.len(), |id, hash, sealed_token| {
        let Some(new) = news.next() else { return };
        let new = NewInvite { id, hash, sealed_token, draft: new.draft.clone() };
        let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
        minted.push(new.into_invite(host, source, found.created_at, found.expires_at));
    })?;
    Ok(Some(minted))
}

/// Remembers what a request has minted.
pub(super) fn remember(
    tx: &Transaction<'_>,
    caller: &Caller,
    minted: &[Invite],
    first_row_key: i64,
    idempotency_key: &IdempotencyKey,
) -> rusqlite::Result<()> {
    let Some(first) = minted.first() else { return Ok(()) };
    remember_many(tx, caller, first, minted.len(), first_row_key, idempotency_key)
}

/// The same for so many invites that are all alike.
pub(super) fn remember_many(
    tx: &Transaction<'_>,
    caller: &Caller,
    invite: &Invite,
    count: usize,
    first_row_key: i64,
    idempotency_key: &IdempotencyKey,
) -> rusqlite::Result<()> {
    tx.statement(REMEMBER)?
        .execute((
            idempotency_key.id(&caller.auth.source),
            idempotency_key.fingerprint,
            first_row_key,
            i64::try_from(count).unwrap_or(i64::MAX),
            invite.created_at.as_millis(),
            invite.expires_at.as_millis(),
        ))
        .map(drop)
}

/// Forgets at most `limit` requests that are too old to be repeated.
pub(super) fn forget(tx: &Transaction<'_>, limit: i64) -> rusqlite::Result<()> {
    let before = tx.now.minus(IDEMPOTENCY_KEY_LIFETIME).as_millis();
    tx.statement(FORGET)?.execute((before, limit)).map(drop)
}
