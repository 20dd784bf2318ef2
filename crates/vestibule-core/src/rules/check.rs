//! Rule 1: whether a token is valid now.

use std::time::Duration;

use crate::{
    ForbiddenUsername, Invite, InviteId, Refusal, State, Timestamp, TokenRefusal, Username, UsernameRefusal,
};

use super::state;

/// Time during which a passed check allows a claim on an invite that has expired since.
pub const PREAUTH_GRANT_LIFETIME: Duration = Duration::from_hours(1);

/// The inputs of the decision.
#[derive(Clone, Copy, Debug)]
pub struct CheckFacts<'a> {
    /// The invite whose token was presented.
    pub invite: &'a Invite,
    /// The intended username, if known.
    pub username: Option<&'a Username>,
    /// Time of an earlier check, such as that of a submitted form.
    pub admitted_at: Option<Timestamp>,
    /// The live invite that the username is reserved for, if any.
    pub reserved_for: Option<InviteId>,
    /// Whether the host forbids this name for new accounts.
    pub forbidden: Option<ForbiddenUsername>,
    /// The current time.
    pub now: Timestamp,
}

/// Decides whether the holder of the token may continue to register.
pub fn check(facts: &CheckFacts<'_>) -> Result<(), Refusal> {
    let invite = facts.invite;
    match state(invite, facts.now) {
        State::Revoked => Err(TokenRefusal::Revoked)?,
        State::Used => Err(TokenRefusal::Used)?,
        State::Expired if !is_in_time(invite, facts.admitted_at, facts.now) => Err(TokenRefusal::Expired)?,
        State::Expired | State::Pending => {}
    }
    facts.username.map_or(Ok(()), |name| fits(invite, name, facts.reserved_for, facts.forbidden))
}

/// Whether the invite has not expired, or its holder passed a check before it did (XEP-0445 section 4: expiry is
/// checked at preauth only).
pub(super) fn is_in_time(invite: &Invite, admitted_at: Option<Timestamp>, now: Timestamp) -> bool {
    now < invite.expires_at
        || admitted_at.is_some_and(|at| at < invite.expires_at && now < at.plus(PREAUTH_GRANT_LIFETIME))
}

/// Decides whether an otherwise valid invite may be redeemed with this username.
pub(super) fn fits(
    invite: &Invite,
    username: &Username,
    reserved_for: Option<InviteId>,
    forbidden: Option<ForbiddenUsername>,
) -> Result<(), Refusal> {
    if invite.username.as_ref().is_some_and(|bound| bound != username) {
        return Err(UsernameRefusal::NotAllowed.into());
    }
    if invite.kind.makes_account() && reserved_for.is_some_and(|holder| holder != invite.id) {
        return Err(UsernameRefusal::Reserved.into());
    }
    // A bound name was checked when the invite was created.
    match forbidden {
        Some(why) if invite.username.is_none() => Err(why.into()),
        _ => Ok(()),
    }
}
