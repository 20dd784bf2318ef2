//! Applying changes to an invite.

use crate::{Invite, InviteChanges, Refusal, State, Timestamp, draft::inviter_name_error};

use super::state;

/// The invite after an edit at `now`. An edit without changes returns the same invite.
pub fn edit(mut invite: Invite, edit: &InviteChanges, now: Timestamp) -> Result<Invite, Refusal> {
    if let Some(at) = edit.expires_at {
        invite.expires_at = at;
    }
    if let Some(max_uses) = edit.max_uses {
        if invite.username.is_some() && max_uses != Some(1) {
            return Err(Refusal::field("max_uses", "an invite for one username has exactly one use"));
        }
        invite.max_uses = max_uses;
    }
    if let Some(note) = &edit.note {
        invite.note.clone_from(note);
    }
    if let Some(message) = &edit.message {
        invite.message.clone_from(message);
    }
    if let Some(name) = &edit.inviter_name {
        if let Some(error) = inviter_name_error(invite.kind, name.as_ref()) {
            return Err(Refusal::Invalid(vec![error]));
        }
        invite.inviter_name.clone_from(name);
    }
    if let Some(language) = &edit.language {
        invite.language.clone_from(language);
    }
    match edit.revoked {
        Some(true) => invite.revoked_at = invite.revoked_at.or(Some(now)),
        Some(false) => invite.revoked_at = None,
        None => {}
    }
    // The answer to a request for a renewal is an invite that works, or a revocation.
    if matches!(state(&invite, now), State::Pending | State::Revoked) {
        invite.renewal_requested_at = None;
    }
    Ok(invite)
}
