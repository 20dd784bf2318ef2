//! Lookups of single invites.

use vestibule_core::{
    ClaimId, Invite, InviteDetails, InviteId, NewClaim, RedemptionPage, RedemptionQuery, Scope, TokenLookup,
    rules::LiveClaims,
};

use super::{
    claim::live_claims,
    rows::{ClaimRows, InviteRows},
};
use crate::caller::Caller;

/// The scope of [`show`] and [`redemptions`].
pub(crate) const SCOPE: Scope = Scope::InvitesRead;

/// Finds the invite of any host with this token: by its id, verified by the hash in constant time.
pub(crate) async fn by_token_of_any_host<T: InviteRows>(
    tx: &T,
    token: TokenLookup,
) -> Result<Option<Invite>, T::Error> {
    let found = tx.invite_of_any_host(token.id).await?;
    Ok(found.filter(|(_, hash)| *hash == token.hash).map(|(invite, _)| invite))
}

/// Finds the invite of the caller's host that has this token.
pub(crate) async fn by_token<T: InviteRows>(
    tx: &T,
    caller: &Caller,
    token: TokenLookup,
) -> Result<Option<Invite>, T::Error> {
    let found = tx.invite(caller, token.id).await?;
    Ok(found.filter(|(_, hash)| *hash == token.hash).map(|(invite, _)| invite))
}

/// Finds an invite of the caller's host, with its newest redemptions.
pub(crate) async fn show<T: InviteRows + ClaimRows>(
    tx: &T,
    caller: &Caller,
    id: InviteId,
) -> Result<Option<InviteDetails>, T::Error> {
    let Some((mut invite, hash)) = tx.invite(caller, id).await? else { return Ok(None) };
    let another = NewClaim {
        id: ClaimId::lowest(tx.now()),
        token: TokenLookup { id, hash },
        username: None,
        admission: None,
        replaces: None,
        via: None,
    };
    let LiveClaims { count, exhausted_until, .. } = live_claims(tx, &invite, &another).await?;
    if !caller.sees_tokens() {
        invite.sealed_token.clear();
    }
    let redemptions = page(tx, id, RedemptionQuery::FIRST).await?;
    Ok(Some(InviteDetails { invite, redemptions, live_claims: count, exhausted_until }))
}

/// Lists the redemptions of an invite of the caller's host.
pub(crate) async fn redemptions<T: InviteRows + ClaimRows>(
    tx: &T,
    caller: &Caller,
    id: InviteId,
    query: RedemptionQuery,
) -> Result<Option<RedemptionPage>, T::Error> {
    match tx.invite(caller, id).await? {
        Some(_) => page(tx, id, query).await.map(Some),
        None => Ok(None),
    }
}

async fn page<T: ClaimRows>(
    tx: &T,
    id: InviteId,
    query: RedemptionQuery,
) -> Result<RedemptionPage, T::Error> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX - 1).max(1);
    let before = query.before.map_or([0xff; 16], ClaimId::to_bytes);
    // One row more than the page shows whether another page follows.
    let rows = tx.redemptions_before(id, before, limit + 1).await?;
    let next = super::last_if_more(&rows, limit);
    Ok(RedemptionPage { items: rows.into_iter().take(limit).filter_map(|(_, found)| found).collect(), next })
}
