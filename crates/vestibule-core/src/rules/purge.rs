//! When an invite may be forgotten.

use crate::{Invite, Timestamp};

/// Since when an invite has been over.
///
/// A revoked invite is over since its revocation, a used one since its last redemption; every other one
/// from its expiry on, which may lie ahead.
pub fn is_over_since(invite: &Invite) -> Timestamp {
    if let Some(at) = invite.revoked_at {
        return at;
    }
    match (invite.max_uses, invite.used_at) {
        (Some(max), Some(at)) if invite.uses >= max => at,
        _ => invite.expires_at,
    }
}
