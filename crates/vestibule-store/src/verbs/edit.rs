//! Changes and revocations of invites.

use vestibule_core::{
    Action, Invite, InviteChanges, InviteId, Kind, Refusal, Scope, State, UsernameRefusal, rules,
};

use super::{
    accounts::STEP,
    rows::{AccountRows, Dependent, InviteRows, Subject},
    tombstones::TombstoneRows,
};
use crate::caller::Caller;

/// The scope of this verb.
pub(crate) const SCOPE: Scope = Scope::InvitesManage;

/// The invite before and after the changes, if the rules allow them.
pub(crate) async fn plan<T: InviteRows>(
    tx: &T,
    caller: &Caller,
    id: InviteId,
    changes: &InviteChanges,
) -> Result<(Invite, Invite), T::Error> {
    changes.validate(tx.now())?;
    let (before, _) = tx.invite(caller, id).await?.ok_or(Refusal::NotFound("invite"))?;
    let after = rules::edit(before.clone(), changes, tx.now())?;
    Ok((before, after))
}

/// Changes an invite of the caller's host.
pub(crate) async fn edit<T: InviteRows + AccountRows + TombstoneRows>(
    tx: &T,
    caller: &Caller,
    id: InviteId,
    changes: &InviteChanges,
) -> Result<Invite, T::Error> {
    let (before, after) = plan(tx, caller, id, changes).await?;
    if after == before {
        return Ok(after);
    }
    if let Some(username) = &after.username
        && rules::state(&after, tx.now()) == State::Pending
    {
        if after.kind == Kind::PasswordReset {
            let others = Dependent::Resets { except: Some(id) };
            tx.revoke_dependent(caller, others, username, STEP).await?;
        } else if tx.reserved_for(caller, username).await?.is_some_and(|holder| holder != id) {
            return Err(UsernameRefusal::Reserved.into());
        }
    }
    tx.update_invite(&after).await?;
    // The import still has the later expiry, and must not bring the invite back when it was purged.
    if id.is_imported() && after.expires_at < before.expires_at {
        tx.insert_invite_tombstones(caller.host_number, &[(id, before.expires_at)]).await?;
    }
    for action in actions(&before, &after) {
        tx.append_event(caller, action, Subject::Invite(id), None).await?;
    }
    Ok(after)
}

fn actions(before: &Invite, after: &Invite) -> impl Iterator<Item = Action> {
    let revoked = match (before.revoked_at, after.revoked_at) {
        (None, Some(_)) => Some(Action::InviteRevoked),
        (Some(_), None) => Some(Action::InviteRestored),
        _ => None,
    };
    // Besides a revocation, and the answer to a request that it implies, only edits change an invite here.
    let renewal_requested_at = after.renewal_requested_at;
    let is_edited = Invite { revoked_at: after.revoked_at, renewal_requested_at, ..before.clone() } != *after;
    revoked.into_iter().chain(is_edited.then_some(Action::InviteEdited))
}
