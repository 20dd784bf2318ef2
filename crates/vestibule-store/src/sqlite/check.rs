//! Rule 1.

use vestibule_core::{Authority, Invite, Scope, TokenLookup, TokenRefusal, Username, rules};

use super::{find::by_token, grant::grant, job::Fault, reservation::reserved_for, session::Session};

pub(super) fn check(
    session: &Session<'_>,
    by: &Authority,
    token: TokenLookup,
    username: Option<&Username>,
) -> Result<Invite, Fault> {
    let granted = grant(session, by, Scope::Redeem, 1)?;
    let invite = by_token(session, token)?
        .filter(|invite| invite.host == granted.grant.host)
        .ok_or(TokenRefusal::Unknown)?;
    let holder = match username {
        Some(name) => reserved_for(session, granted.host_number, name)?,
        None => None,
    };
    rules::check(&invite, username, holder, session.now)?;
    Ok(invite)
}
