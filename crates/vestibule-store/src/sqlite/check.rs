//! Rule 1.

use vestibule_core::{
    CheckRequest, Invite, Principal, Scope, TokenRefusal,
    rules::{self, CheckFacts},
};

use super::{
    caller::authorize_and_charge, find::by_token, job::EngineError, reservation::reserved_for,
    transaction::Transaction,
};

pub(super) fn check(
    tx: &Transaction<'_>,
    by: &Principal,
    check: &CheckRequest,
) -> Result<Invite, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::Redeem, 1)?;
    let invite = by_token(tx, check.token)?
        .filter(|invite| invite.host == caller.auth.host)
        .ok_or(TokenRefusal::Unknown)?;
    let username = check.username.as_ref();
    let reserved_for = match username {
        Some(name) => reserved_for(tx, caller.host_number, name)?,
        None => None,
    };
    rules::check(&CheckFacts {
        invite: &invite,
        username,
        admitted_at: check.admitted_at,
        reserved_for,
        forbidden: tx.engine.options.policies.forbids(&caller.auth.host, username),
        now: tx.now,
    })?;
    Ok(invite)
}
