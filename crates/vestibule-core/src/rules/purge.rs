//! The age from which an invite is purged.

use crate::{Invite, Timestamp};

/// The time since which an invite is inactive.
///
/// A revoked invite is inactive since its revocation, a used one since its last redemption, any other one from its
/// expiry on, which may be in the future. A request for a renewal restarts that time.
pub fn is_over_since(invite: &Invite) -> Timestamp {
    if let Some(at) = invite.revoked_at {
        return at;
    }
    let end = match (invite.max_uses, invite.used_at) {
        (Some(max), Some(at)) if invite.uses >= max => at,
        _ => invite.expires_at,
    };
    invite.renewal_requested_at.map_or(end, |at| at.max(end))
}
