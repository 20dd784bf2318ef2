//! Where an invite stands.

use crate::{Invite, State, Timestamp};

/// The state at `now`. What a person did comes before what time did: revoked, then used, then expired.
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
