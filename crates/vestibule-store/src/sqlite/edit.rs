//! Changing and revoking an invite.

use vestibule_core::{
    Action, Invite, InviteChanges, InviteId, Kind, Principal, Refusal, Scope, State, Timestamp,
    UsernameRefusal, rules,
};

use super::{
    account::end_resets, audit::append_event, caller::authorize_and_charge, find::by_id, job::EngineError,
    reservation::reserved_for, transaction::Transaction,
};

const UPDATE: &str =
    "UPDATE invites SET expires_at = ?2, max_uses = ?3, note = ?4, revoked_at = ?5 WHERE id = ?1";

pub(super) fn edit(
    tx: &Transaction<'_>,
    by: &Principal,
    id: InviteId,
    edit: &InviteChanges,
) -> Result<Invite, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::InvitesManage, 1)?;
    edit.validate(tx.now)?;
    let (before, _) = by_id(tx, id)?
        .filter(|(invite, _)| invite.host == caller.auth.host)
        .ok_or(Refusal::NotFound("invite"))?;
    let after = rules::edit(before.clone(), edit, tx.now)?;
    if after == before {
        return Ok(after);
    }
    if let Some(username) = &after.username
        && rules::state(&after, tx.now) == State::Pending
    {
        if after.kind == Kind::PasswordReset {
            end_resets(tx, &caller, username, Some(id))?;
        } else if reserved_for(tx, caller.host_number, username)?.is_some_and(|holder| holder != id) {
            return Err(UsernameRefusal::Reserved.into());
        }
    }
    tx.statement(UPDATE)?.execute((
        id.to_bytes(),
        after.expires_at.as_millis(),
        after.max_uses,
        &after.note,
        after.revoked_at.map(Timestamp::as_millis),
    ))?;
    let subject = id.to_string();
    match (before.revoked_at, after.revoked_at) {
        (None, Some(_)) => append_event(tx, &caller, Action::InviteRevoked, &subject, None)?,
        (Some(_), None) => append_event(tx, &caller, Action::InviteRestored, &subject, None)?,
        _ => {}
    }
    if (before.expires_at, before.max_uses, &before.note) != (after.expires_at, after.max_uses, &after.note) {
        append_event(tx, &caller, Action::InviteEdited, &subject, None)?;
    }
    Ok(after)
}
