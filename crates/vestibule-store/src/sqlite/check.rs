//! Rule 1.

use vestibule_core::{
    CheckRequest, Invite, Principal, Scope, TokenRefusal,
    rules::{self, CheckFacts},
};

use super::{find::by_token, grant::grant, job::Fault, reservation::reserved_for, session::Session};

pub(super) fn check(session: &Session<'_>, by: &Principal, check: &CheckRequest) -> Result<Invite, Fault> {
    let granted = grant(session, by, Scope::Redeem, 1)?;
    let invite = by_token(session, check.token)?
        .filter(|invite| invite.host == granted.grant.host)
        .ok_or(TokenRefusal::Unknown)?;
    let username = check.username.as_ref();
    let reserved_for = match username {
        Some(name) => reserved_for(session, granted.host_number, name)?,
        None => None,
    };
    rules::check(&CheckFacts {
        invite: &invite,
        username,
        admitted_at: check.admitted_at,
        reserved_for,
        forbidden: session.shared.options.policies.forbids(&granted.grant.host, username),
        now: session.now,
    })?;
    Ok(invite)
}
