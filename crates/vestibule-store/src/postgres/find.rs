//! Finding one invite.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    ClaimId, Invite, InviteDetails, InviteId, Principal, Redemption, RedemptionPage, RedemptionQuery, Scope,
    Timestamp, TokenHash, TokenLookup, Username, Via,
};

use super::{
    caller::{Caller, authorize_and_charge},
    engine_context::EngineContext,
    engine_error::EngineError,
    key_cache,
    large_batch::visible,
    row::{array, invite_columns, read_invite},
    transaction::Transaction,
};

const BY_ID: &str =
    concat!("SELECT ", invite_columns!(), ", host, token_hash FROM invites WHERE id = $1 AND ", visible!());

const REDEMPTIONS: &str = "SELECT id, username, jid, via, ended_at, over_use FROM claims \
     WHERE invite = $1 AND id < $2 AND outcome = 'completed' ORDER BY id DESC LIMIT $3";

/// The invite of the asker's host with this id, and the hash of its token.
pub(super) async fn by_id(
    tx: &Transaction,
    caller: &Caller,
    id: InviteId,
) -> Result<Option<(Invite, TokenHash)>, EngineError> {
    let Some(row) = tx.query_opt(BY_ID, &[&id.to_bytes().as_slice()]).await? else {
        return Ok(None);
    };
    if row.try_get::<_, i64>("host")? != caller.host_number {
        return Ok(None);
    }
    Ok(Some((read_invite(&row, &caller.auth.host)?, hash(&row)?)))
}

/// The invite of the asker's host that has this token. The id finds it, the hash proves it, in constant time.
pub(super) async fn by_token(
    tx: &Transaction,
    caller: &Caller,
    token: TokenLookup,
) -> Result<Option<Invite>, EngineError> {
    let found = by_id(tx, caller, token.id).await?;
    Ok(found.filter(|(_, hash)| *hash == token.hash).map(|(invite, _)| invite))
}

/// The invite that has this token, of any host.
pub(super) async fn open(
    engine: Arc<EngineContext>,
    token: TokenLookup,
) -> Result<Option<Invite>, EngineError> {
    let rows = engine.query(BY_ID, &[&token.id.to_bytes().as_slice()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    if hash(row)? != token.hash {
        return Ok(None);
    }
    let host = key_cache::host(&engine, row.try_get("host")?).await?;
    Ok(Some(read_invite(row, &host)?))
}

fn hash(row: &Row) -> Result<TokenHash, EngineError> {
    let bytes: &[u8] = row.try_get("token_hash")?;
    let bytes = bytes.try_into().map_err(|_| EngineError::Corrupt("the hash of a token".to_owned()))?;
    Ok(TokenHash::from_bytes(bytes))
}

pub(super) async fn show(
    engine: Arc<EngineContext>,
    by: Principal,
    id: InviteId,
) -> Result<Option<InviteDetails>, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::InvitesRead, 1).await?;
    let tx = Transaction::read(&engine).await?;
    let outcome = async {
        caller.revalidate(&tx).await?;
        let Some((mut invite, _)) = by_id(&tx, &caller, id).await? else { return Ok(None) };
        if !caller.sees_tokens() {
            invite.sealed_token.clear();
        }
        Ok(Some(InviteDetails { invite, redemptions: page(&tx, id, RedemptionQuery::FIRST).await? }))
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

pub(super) async fn redemptions(
    engine: Arc<EngineContext>,
    by: Principal,
    id: InviteId,
    query: RedemptionQuery,
) -> Result<Option<RedemptionPage>, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::InvitesRead, 1).await?;
    let tx = Transaction::read(&engine).await?;
    let outcome = async {
        caller.revalidate(&tx).await?;
        match by_id(&tx, &caller, id).await? {
            Some(_) => page(&tx, id, query).await.map(Some),
            None => Ok(None),
        }
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

async fn page(tx: &Transaction, id: InviteId, query: RedemptionQuery) -> Result<RedemptionPage, EngineError> {
    let limit = query.limit.max(1);
    let before = query.before.map_or([0xff; 16], ClaimId::to_bytes);
    // One more than fits tells whether there is another page.
    let most = i64::from(limit) + 1;
    let rows = tx.query(REDEMPTIONS, &[&id.to_bytes().as_slice(), &before.as_slice(), &most]).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut items, mut last) = (Vec::with_capacity(rows.len()), None);
    for row in rows.iter().take(limit) {
        last = Some(ClaimId::from_bytes(array(row, 0)?));
        items.extend(tx.engine.readable(read_redemption(row))?);
    }
    let next = last.filter(|_| rows.len() > limit);
    Ok(RedemptionPage { items, next })
}

fn read_redemption(row: &Row) -> Result<Redemption, EngineError> {
    let claim = ClaimId::from_bytes(array(row, 0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("claim {claim}: {what}"));
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
