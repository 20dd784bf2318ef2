//! Changing and revoking an invite.

use std::sync::Arc;

use vestibule_core::{
    Action, Invite, InviteChanges, InviteId, Kind, Principal, Refusal, Scope, State, Timestamp,
    UsernameRefusal, rules,
};

use super::{
    account::end_resets,
    asker::{Asker, ask},
    fault::Fault,
    find::by_id,
    op,
    record::{Subject, record},
    reservation::reserved_for,
    session::Session,
    shared::Shared,
};

const UPDATE: &str =
    "UPDATE invites SET expires_at = $2, max_uses = $3, note = $4, revoked_at = $5 WHERE id = $1";

pub(super) async fn edit(
    shared: Arc<Shared>,
    by: Principal,
    id: InviteId,
    edit: InviteChanges,
) -> Result<Invite, Fault> {
    let asker = ask(&shared, &by, Scope::InvitesManage, 1).await?;
    let (turn, session) = op::look(&shared, &asker).await?;
    // Without the host's lock first: a refusal, or an edit that changes nothing, needs none.
    let outcome = plan(&session, &asker, id, &edit).await;
    let (before, after) = session.end(outcome).await?;
    drop(turn);
    if after == before {
        return Ok(after);
    }
    let session = op::begin(&shared, &asker).await?;
    let outcome = change(&session, &asker, id, &edit).await;
    session.end(outcome).await
}

/// The invite as it is and as the edit would make it; what the rules refuse is refused.
async fn plan(
    session: &Session,
    asker: &Asker,
    id: InviteId,
    edit: &InviteChanges,
) -> Result<(Invite, Invite), Fault> {
    edit.validate(session.now)?;
    let (before, _) = by_id(session, asker, id).await?.ok_or(Refusal::NotFound("invite"))?;
    let after = rules::edit(before.clone(), edit, session.now)?;
    Ok((before, after))
}

async fn change(
    session: &Session,
    asker: &Asker,
    id: InviteId,
    edit: &InviteChanges,
) -> Result<Invite, Fault> {
    let (before, after) = plan(session, asker, id, edit).await?;
    if after == before {
        return Ok(after);
    }
    if let Some(username) = &after.username
        && rules::state(&after, session.now) == State::Pending
    {
        if after.kind == Kind::PasswordReset {
            end_resets(session, asker, username, Some(id)).await?;
        } else if reserved_for(session, asker.host_number, username).await?.is_some_and(|holder| holder != id)
        {
            return Err(UsernameRefusal::Reserved.into());
        }
    }
    let revoked_at = after.revoked_at.map(Timestamp::as_millis);
    let (expires_at, max_uses) = (after.expires_at.as_millis(), after.max_uses.map(i64::from));
    session
        .execute(UPDATE, &[&id.to_bytes().as_slice(), &expires_at, &max_uses, &after.note, &revoked_at])
        .await?;
    let mut actions = Vec::new();
    match (before.revoked_at, after.revoked_at) {
        (None, Some(_)) => actions.push(Action::InviteRevoked),
        (Some(_), None) => actions.push(Action::InviteRestored),
        _ => {}
    }
    if (before.expires_at, before.max_uses, &before.note) != (after.expires_at, after.max_uses, &after.note) {
        actions.push(Action::InviteEdited);
    }
    for action in actions {
        let source = asker.grant.source.as_str();
        record(session, asker.host_number, source, action, Subject::Invite(id), None).await?;
    }
    Ok(after)
}
