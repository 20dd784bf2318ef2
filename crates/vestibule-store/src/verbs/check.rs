//! Rule 1: whether a token may be redeemed.

use vestibule_core::{
    CheckRequest, Invite, Scope, TokenRefusal,
    rules::{self, CheckFacts},
};

use super::{rows::InviteRows, show::by_token};
use crate::caller::Caller;

/// The scope of this verb.
pub(crate) const SCOPE: Scope = Scope::Redeem;

/// Returns the invite if its token is valid now and fits the username.
pub(crate) async fn check<T: InviteRows>(
    tx: &T,
    caller: &Caller,
    request: &CheckRequest,
) -> Result<Invite, T::Error> {
    let invite = by_token(tx, caller, request.token).await?.ok_or(TokenRefusal::Unknown)?;
    let username = request.username.as_ref();
    let reserved_for = match username {
        Some(name) => tx.reserved_for(caller, name).await?,
        None => None,
    };
    rules::check(&CheckFacts {
        invite: &invite,
        username,
        admitted_at: request.admitted_at,
        reserved_for,
        forbidden: tx.policies().forbids(&caller.auth.host, username),
        now: tx.now(),
    })?;
    Ok(invite)
}
