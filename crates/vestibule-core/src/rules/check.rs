//! Rule 1: whether a token is good right now.

use crate::{Invite, InviteId, Refusal, State, Timestamp, TokenRefusal, Username, UsernameRefusal};

use super::state;

/// Decides whether whoever holds the invite's token may go on to register, at `now`.
///
/// `username` is the name they mean to take, if it is known already; `reserved_for` is the live invite
/// that this name is reserved for, if any.
pub fn check(
    invite: &Invite,
    username: Option<&Username>,
    reserved_for: Option<InviteId>,
    now: Timestamp,
) -> Result<(), Refusal> {
    match state(invite, now) {
        State::Revoked => Err(TokenRefusal::Revoked)?,
        State::Used => Err(TokenRefusal::Used)?,
        State::Expired => Err(TokenRefusal::Expired)?,
        State::Pending => {}
    }
    username.map_or(Ok(()), |name| fits(invite, name, reserved_for))
}

/// Decides whether an invite that is good otherwise may be redeemed with this username.
pub(super) fn fits(
    invite: &Invite,
    username: &Username,
    reserved_for: Option<InviteId>,
) -> Result<(), Refusal> {
    if invite.username.as_ref().is_some_and(|bound| bound != username) {
        return Err(UsernameRefusal::NotAllowed.into());
    }
    if reserved_for.is_some_and(|holder| holder != invite.id) {
        return Err(UsernameRefusal::Reserved.into());
    }
    Ok(())
}
