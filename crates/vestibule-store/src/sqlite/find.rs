//! Finding one invite.

use rusqlite::OptionalExtension;
use vestibule_core::{
    Authority, ClaimId, Invite, InviteId, Redemption, Scope, Timestamp, TokenHash, TokenLookup, Username, Via,
};

use super::{
    grant::grant,
    job::Fault,
    row::{invite_columns, read_invite},
    session::Session,
};

/// Redemptions that are shown with an invite, newest first; an unlimited invite may have any number.
const SHOWN_REDEMPTIONS: u32 = 1000;

const BY_ID: &str = concat!("SELECT ", invite_columns!(), ", token_hash FROM invites WHERE id = ?1");

/// The column after those of an invite.
const TOKEN_HASH: usize = 16;

const REDEMPTIONS: &str = "SELECT id, username, jid, via, ended_at, over_use FROM claims \
     WHERE invite = ?1 AND outcome = 'completed' ORDER BY id DESC LIMIT ?2";

/// The invite with this id and the hash of its token.
pub(super) fn by_id(session: &Session<'_>, id: InviteId) -> Result<Option<(Invite, TokenHash)>, Fault> {
    let mut statement = session.statement(BY_ID)?;
    let found = statement
        .query_row([id.to_bytes()], |row| {
            Ok(read_invite(session, row)
                .and_then(|invite| Ok((invite, TokenHash::from_bytes(row.get(TOKEN_HASH)?)))))
        })
        .optional()?;
    found.transpose()
}

/// The invite that has this token. The id finds it, the hash proves it, in constant time.
pub(super) fn by_token(session: &Session<'_>, token: TokenLookup) -> Result<Option<Invite>, Fault> {
    let found = by_id(session, token.id)?;
    Ok(found.filter(|(_, hash)| *hash == token.hash).map(|(invite, _)| invite))
}

pub(super) fn show(
    session: &Session<'_>,
    by: &Authority,
    id: InviteId,
) -> Result<Option<(Invite, Vec<Redemption>)>, Fault> {
    let granted = grant(session, by, Scope::InvitesRead, 1)?;
    let Some((invite, _)) = by_id(session, id)?.filter(|(invite, _)| invite.host == granted.grant.host)
    else {
        return Ok(None);
    };
    let mut statement = session.statement(REDEMPTIONS)?;
    let mut rows = statement.query((id.to_bytes(), SHOWN_REDEMPTIONS))?;
    let mut redemptions = Vec::new();
    while let Some(row) = rows.next()? {
        let claim = ClaimId::from_bytes(row.get(0)?);
        let corrupt = |what: &str| Fault::Corrupt(format!("claim {claim}: {what}"));
        let username: Option<String> = row.get(1)?;
        let (jid, via): (String, String) = (row.get(2)?, row.get(3)?);
        redemptions.push(Redemption {
            claim,
            username: username
                .map(|text| Username::parse(&text))
                .transpose()
                .map_err(|_| corrupt("username"))?,
            jid: jid.parse().map_err(|_| corrupt("jid"))?,
            via: Via::parse(&via).ok_or_else(|| corrupt("via"))?,
            at: Timestamp::from_millis(row.get(4)?),
            over_use: row.get(5)?,
        });
    }
    Ok(Some((invite, redemptions)))
}
