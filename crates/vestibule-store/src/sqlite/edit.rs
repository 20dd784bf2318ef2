//! Changing and revoking an invite.

use vestibule_core::{
    Action, Invite, InviteChanges, InviteId, Kind, Principal, Refusal, Scope, State, Timestamp,
    UsernameRefusal, rules,
};

use super::{
    account::end_resets, find::by_id, grant::grant, job::Fault, record::record, reservation::reserved_for,
    session::Session,
};

const UPDATE: &str =
    "UPDATE invites SET expires_at = ?2, max_uses = ?3, note = ?4, revoked_at = ?5 WHERE id = ?1";

pub(super) fn edit(
    session: &Session<'_>,
    by: &Principal,
    id: InviteId,
    edit: &InviteChanges,
) -> Result<Invite, Fault> {
    let granted = grant(session, by, Scope::InvitesManage, 1)?;
    edit.validate(session.now)?;
    let (before, _) = by_id(session, id)?
        .filter(|(invite, _)| invite.host == granted.grant.host)
        .ok_or(Refusal::NotFound("invite"))?;
    let after = rules::edit(before.clone(), edit, session.now)?;
    if after == before {
        return Ok(after);
    }
    if let Some(username) = &after.username
        && rules::state(&after, session.now) == State::Pending
    {
        if after.kind == Kind::PasswordReset {
            end_resets(session, &granted, username, Some(id))?;
        } else if reserved_for(session, granted.host_number, username)?.is_some_and(|holder| holder != id) {
            return Err(UsernameRefusal::Reserved.into());
        }
    }
    session.statement(UPDATE)?.execute((
        id.to_bytes(),
        after.expires_at.as_millis(),
        after.max_uses,
        &after.note,
        after.revoked_at.map(Timestamp::as_millis),
    ))?;
    let subject = id.to_string();
    match (before.revoked_at, after.revoked_at) {
        (None, Some(_)) => record(session, &granted, Action::InviteRevoked, &subject, None)?,
        (Some(_), None) => record(session, &granted, Action::InviteRestored, &subject, None)?,
        _ => {}
    }
    if (before.expires_at, before.max_uses, &before.note) != (after.expires_at, after.max_uses, &after.note) {
        record(session, &granted, Action::InviteEdited, &subject, None)?;
    }
    Ok(after)
}
