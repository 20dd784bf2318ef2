//! The state of an invite.

use crate::{Invite, State, Timestamp};

/// The state at `now`. Precedence: revoked, used, expired.
pub fn state(invite: &Invite, now: Timestamp) -> State {
    if invite.revoked_at.is_some() {
        State::Revoked
    } else if invite.max_uses.is_some_and(|max| invite.uses >= max) {
        State::Used
    } else if invite.expires_at <= now {
        State::Expired
    } else {
        State::Pending
    }
}
