//! Requests for the renewal of an invite.

use std::time::Duration;

use crate::{Invite, State, Timestamp};

use super::state;

/// Minimum time between two requests for the renewal of an invite that nobody has answered.
pub const RENEWAL_REQUEST_INTERVAL: Duration = Duration::from_hours(24);

/// Whether the holder of an invite can ask for its renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// Yes.
    Possible,
    /// The holder has done so, less than [`RENEWAL_REQUEST_INTERVAL`] ago.
    Requested,
}

/// Whether the holder of an invite can ask for its renewal; `None` if no renewal would help.
///
/// An edit can make an expired invite redeemable again, and a used one, unless it is bound to a username, which has the
/// account now. A revoked invite was ended on purpose.
pub fn renewal(invite: &Invite, now: Timestamp) -> Option<Renewal> {
    match state(invite, now) {
        State::Expired => {}
        State::Used if invite.username.is_none() => {}
        State::Used | State::Revoked | State::Pending => return None,
    }
    let is_recent = |at: Timestamp| now < at.plus(RENEWAL_REQUEST_INTERVAL);
    let is_requested = invite.renewal_requested_at.is_some_and(is_recent);
    Some(if is_requested { Renewal::Requested } else { Renewal::Possible })
}
