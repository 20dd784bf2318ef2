//! Finding one invite.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    ClaimId, Invite, InviteDetails, InviteId, Principal, Redemption, RedemptionPage, RedemptionQuery, Scope,
    Timestamp, TokenHash, TokenLookup, Username, Via,
};

use super::{
    asker::{Asker, ask},
    fault::Fault,
    known,
    many::whole,
    row::{array, invite_columns, read_invite},
    session::Session,
    shared::Shared,
};

const BY_ID: &str =
    concat!("SELECT ", invite_columns!(), ", host, token_hash FROM invites WHERE id = $1 AND ", whole!());

const REDEMPTIONS: &str = "SELECT id, username, jid, via, ended_at, over_use FROM claims \
     WHERE invite = $1 AND id < $2 AND outcome = 'completed' ORDER BY id DESC LIMIT $3";

/// The invite of the asker's host with this id, and the hash of its token.
pub(super) async fn by_id(
    session: &Session,
    asker: &Asker,
    id: InviteId,
) -> Result<Option<(Invite, TokenHash)>, Fault> {
    let Some(row) = session.query_opt(BY_ID, &[&id.to_bytes().as_slice()]).await? else {
        return Ok(None);
    };
    if row.try_get::<_, i64>("host")? != asker.host_number {
        return Ok(None);
    }
    Ok(Some((read_invite(&row, &asker.grant.host)?, hash(&row)?)))
}

/// The invite of the asker's host that has this token. The id finds it, the hash proves it, in constant time.
pub(super) async fn by_token(
    session: &Session,
    asker: &Asker,
    token: TokenLookup,
) -> Result<Option<Invite>, Fault> {
    let found = by_id(session, asker, token.id).await?;
    Ok(found.filter(|(_, hash)| *hash == token.hash).map(|(invite, _)| invite))
}

/// The invite that has this token, of any host.
pub(super) async fn open(shared: Arc<Shared>, token: TokenLookup) -> Result<Option<Invite>, Fault> {
    let rows = shared.query(BY_ID, &[&token.id.to_bytes().as_slice()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    if hash(row)? != token.hash {
        return Ok(None);
    }
    let host = known::host(&shared, row.try_get("host")?).await?;
    Ok(Some(read_invite(row, &host)?))
}

fn hash(row: &Row) -> Result<TokenHash, Fault> {
    let bytes: &[u8] = row.try_get("token_hash")?;
    let bytes = bytes.try_into().map_err(|_| Fault::Corrupt("the hash of a token".to_owned()))?;
    Ok(TokenHash::from_bytes(bytes))
}

pub(super) async fn show(
    shared: Arc<Shared>,
    by: Principal,
    id: InviteId,
) -> Result<Option<InviteDetails>, Fault> {
    let asker = ask(&shared, &by, Scope::InvitesRead, 1).await?;
    let session = Session::read(&shared).await?;
    let outcome = async {
        asker.prove(&session).await?;
        let Some((mut invite, _)) = by_id(&session, &asker, id).await? else { return Ok(None) };
        if !asker.sees_tokens() {
            invite.sealed_token.clear();
        }
        Ok(Some(InviteDetails { invite, redemptions: page(&session, id, RedemptionQuery::FIRST).await? }))
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

pub(super) async fn redemptions(
    shared: Arc<Shared>,
    by: Principal,
    id: InviteId,
    query: RedemptionQuery,
) -> Result<Option<RedemptionPage>, Fault> {
    let asker = ask(&shared, &by, Scope::InvitesRead, 1).await?;
    let session = Session::read(&shared).await?;
    let outcome = async {
        asker.prove(&session).await?;
        match by_id(&session, &asker, id).await? {
            Some(_) => page(&session, id, query).await.map(Some),
            None => Ok(None),
        }
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

async fn page(session: &Session, id: InviteId, query: RedemptionQuery) -> Result<RedemptionPage, Fault> {
    let limit = query.limit.max(1);
    let before = query.before.map_or([0xff; 16], ClaimId::to_bytes);
    // One more than fits tells whether there is another page.
    let most = i64::from(limit) + 1;
    let rows = session.query(REDEMPTIONS, &[&id.to_bytes().as_slice(), &before.as_slice(), &most]).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut items, mut last) = (Vec::with_capacity(rows.len()), None);
    for row in rows.iter().take(limit) {
        last = Some(ClaimId::from_bytes(array(row, 0)?));
        items.extend(session.shared.readable(read_redemption(row))?);
    }
    let next = last.filter(|_| rows.len() > limit);
    Ok(RedemptionPage { items, next })
}

fn read_redemption(row: &Row) -> Result<Redemption, Fault> {
    let claim = ClaimId::from_bytes(array(row, 0)?);
    let corrupt = |what: &str| Fault::Corrupt(format!("claim {claim}: {what}"));
    let username: Option<&str> = row.try_get(1)?;
    let (jid, via): (&str, &str) = (row.try_get(2)?, row.try_get(3)?);
    Ok(Redemption {
        claim,
        username: username.map(Username::parse).transpose().map_err(|_| corrupt("username"))?,
        jid: jid.parse().map_err(|_| corrupt("jid"))?,
        via: Via::parse(via).ok_or_else(|| corrupt("via"))?,
        at: Timestamp::from_millis(row.try_get(4)?),
        over_use: row.try_get(5)?,
    })
}
