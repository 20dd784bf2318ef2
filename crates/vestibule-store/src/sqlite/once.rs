//! Requests that may come again: the same answer, and nothing minted.

use rusqlite::OptionalExtension;
use vestibule_core::{Invite, InviteId, NewInvite, ONCE_LIFE, Once, Refusal, Timestamp, TokenHash};

use super::{grant::Granted, job::Fault, session::Session};

const FIND: &str = "SELECT fingerprint, first_place, count, created_at, expires_at FROM requests \
     WHERE id = ?1 AND created_at > ?2";

const REMEMBER: &str = "INSERT OR REPLACE INTO requests \
     (id, fingerprint, first_place, count, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

const MINTED: &str = "SELECT id, token_hash, token_sealed FROM invites WHERE place >= ?1 AND place < ?2 \
     ORDER BY place";

const FORGET: &str = "DELETE FROM requests WHERE id IN \
     (SELECT id FROM requests WHERE created_at <= ?1 ORDER BY created_at LIMIT ?2)";

/// What the same request minted before. What is asked for is the same, so the invites as they were then
/// follow from it; only what was drawn or worked out then is read.
pub(super) fn minted_before(
    session: &Session<'_>,
    granted: &Granted,
    asked: &[NewInvite],
    once: &Once,
) -> Result<Option<Vec<Invite>>, Fault> {
    let since = session.now.minus(ONCE_LIFE).as_millis();
    let found = session
        .statement(FIND)?
        .query_row((once.id(&granted.grant.source), since), |row| {
            let fingerprint: [u8; 32] = row.get(0)?;
            let places: (i64, i64) = (row.get(1)?, row.get(2)?);
            let times: (i64, i64) = (row.get(3)?, row.get(4)?);
            Ok((fingerprint, places, times))
        })
        .optional()?;
    let Some((fingerprint, (first_place, count), (created_at, expires_at))) = found else {
        return Ok(None);
    };
    if fingerprint != once.fingerprint || i64::try_from(asked.len()) != Ok(count) {
        return Err(Refusal::IdempotencyMismatch.into());
    }
    let mut statement = session.statement(MINTED)?;
    let mut rows = statement.query((first_place, first_place + count))?;
    let mut minted = Vec::with_capacity(asked.len());
    for new in asked {
        let row = rows.next()?.ok_or_else(|| Fault::Corrupt("a repeated request\'s invites".to_owned()))?;
        let new = NewInvite {
            id: InviteId::from_bytes(row.get(0)?),
            hash: TokenHash::from_bytes(row.get(1)?),
            sealed_token: row.get(2)?,
            draft: new.draft.clone(),
        };
        let (host, source) = (granted.grant.host.clone(), granted.grant.source.clone());
        let [created_at, expires_at] = [created_at, expires_at].map(Timestamp::from_millis);
        minted.push(new.into_invite(host, source, created_at, expires_at));
    }
    Ok(Some(minted))
}

/// Remembers what a request has minted.
pub(super) fn remember(
    session: &Session<'_>,
    granted: &Granted,
    minted: &[Invite],
    first_place: i64,
    once: &Once,
) -> rusqlite::Result<()> {
    let expires_at = minted.first().map_or(session.now, |invite| invite.expires_at);
    session
        .statement(REMEMBER)?
        .execute((
            once.id(&granted.grant.source),
            once.fingerprint,
            first_place,
            i64::try_from(minted.len()).unwrap_or(i64::MAX),
            session.now.as_millis(),
            expires_at.as_millis(),
        ))
        .map(drop)
}

/// Forgets at most `limit` requests that are too old to be repeated.
pub(super) fn forget(session: &Session<'_>, limit: i64) -> rusqlite::Result<()> {
    let before = session.now.minus(ONCE_LIFE).as_millis();
    session.statement(FORGET)?.execute((before, limit)).map(drop)
}
