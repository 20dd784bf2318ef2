//! Finding one invite.

use rusqlite::{OptionalExtension, Row};
use vestibule_core::{
    ClaimId, Invite, InviteDetails, InviteId, Principal, Redemption, RedemptionPage, RedemptionQuery, Scope,
    Timestamp, TokenHash, TokenLookup, Username, Via,
};

use super::{
    caller::{Caller, authorize_and_charge},
    job::EngineError,
    large_batch::visible,
    row::{invite_columns, read_invite},
    transaction::Transaction,
};

const BY_ID: &str =
    concat!("SELECT ", invite_columns!(), ", token_hash FROM invites WHERE id = ?1 AND ", visible!());

/// The column after those of an invite.
const TOKEN_HASH: usize = 16;

const REDEMPTIONS: &str = "SELECT id, username, jid, via, ended_at, over_use FROM claims \
     WHERE invite = ?1 AND id < ?2 AND outcome = 'completed' ORDER BY id DESC LIMIT ?3";

/// The invite with this id and the hash of its token.
pub(super) fn by_id(tx: &Transaction<'_>, id: InviteId) -> Result<Option<(Invite, TokenHash)>, EngineError> {
    let mut statement = tx.statement(BY_ID)?;
    let found = statement
        .query_row([id.to_bytes()], |row| {
            Ok(read_invite(tx, row)
                .and_then(|invite| Ok((invite, TokenHash::from_bytes(row.get(TOKEN_HASH)?)))))
        })
        .optional()?;
    found.transpose()
}

/// The invite that has this token. The id finds it, the hash proves it, in constant time.
pub(super) fn by_token(tx: &Transaction<'_>, token: TokenLookup) -> Result<Option<Invite>, EngineError> {
    let found = by_id(tx, token.id)?;
    Ok(found.filter(|(_, hash)| *hash == token.hash).map(|(invite, _)| invite))
}

pub(super) fn show(
    tx: &Transaction<'_>,
    by: &Principal,
    id: InviteId,
) -> Result<Option<InviteDetails>, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::InvitesRead, 1)?;
    let Some(mut invite) = of_host(tx, &caller, id)? else { return Ok(None) };
    if !caller.sees_tokens() {
        invite.sealed_token.clear();
    }
    Ok(Some(InviteDetails { invite, redemptions: page(tx, id, RedemptionQuery::FIRST)? }))
}

pub(super) fn redemptions(
    tx: &Transaction<'_>,
    by: &Principal,
    id: InviteId,
    query: RedemptionQuery,
) -> Result<Option<RedemptionPage>, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::InvitesRead, 1)?;
    if of_host(tx, &caller, id)?.is_none() {
        return Ok(None);
    }
    page(tx, id, query).map(Some)
}

fn of_host(tx: &Transaction<'_>, caller: &Caller, id: InviteId) -> Result<Option<Invite>, EngineError> {
    let found = by_id(tx, id)?.map(|(invite, _)| invite);
    Ok(found.filter(|invite| invite.host == caller.auth.host))
}

fn page(tx: &Transaction<'_>, id: InviteId, query: RedemptionQuery) -> Result<RedemptionPage, EngineError> {
    let limit = query.limit.max(1);
    let before = query.before.map_or([0xff; 16], ClaimId::to_bytes);
    let mut statement = tx.statement(REDEMPTIONS)?;
    // One more than fits tells whether there is another page.
    let mut rows = statement.query((id.to_bytes(), before, i64::from(limit) + 1))?;
    let mut page = RedemptionPage::default();
    let (mut count, mut last) = (0, None);
    while let Some(row) = rows.next()? {
        if count == limit {
            page.next = last;
            break;
        }
        count += 1;
        last = Some(ClaimId::from_bytes(row.get(0)?));
        page.items.extend(tx.readable(read_redemption(row))?);
    }
    Ok(page)
}

fn read_redemption(row: &Row<'_>) -> Result<Redemption, EngineError> {
    let claim = ClaimId::from_bytes(row.get(0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("claim {claim}: {what}"));
    let username: Option<String> = row.get(1)?;
    let (jid, via): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(Redemption {
        claim,
        username: username.map(|text| Username::parse(&text)).transpose().map_err(|_| corrupt("username"))?,
        jid: jid.parse().map_err(|_| corrupt("jid"))?,
        via: Via::parse(&via).ok_or_else(|| corrupt("via"))?,
        at: Timestamp::from_millis(row.get(4)?),
        over_use: row.get(5)?,
    })
}
