//! Changing and revoking an invite.

use std::sync::Arc;

use vestibule_core::{
    Action, Invite, InviteChanges, InviteId, Kind, Principal, Refusal, Scope, State, Timestamp,
    UsernameRefusal, rules,
};

use super::{
    account::end_resets,
    audit::{Subject, append_event},
    batch_statement,
    caller::{Caller, authorize_and_charge},
    engine_context::EngineContext,
    engine_error::EngineError,
    find::by_id,
    reservation::reserved_for,
    transaction::Transaction,
};

const UPDATE: &str =
    "UPDATE invites SET expires_at = $2, max_uses = $3, note = $4, revoked_at = $5 WHERE id = $1";

pub(super) async fn edit(
    engine: Arc<EngineContext>,
    by: Principal,
    id: InviteId,
    edit: InviteChanges,
) -> Result<Invite, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::InvitesManage, 1).await?;
    let (permit, tx) = batch_statement::look(&engine, &caller).await?;
    // Without the host's lock first: a refusal, or an edit that changes nothing, needs none.
    let outcome = plan(&tx, &caller, id, &edit).await;
    let (before, after) = tx.end(outcome).await?;
    drop(permit);
    if after == before {
        return Ok(after);
    }
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = change(&tx, &caller, id, &edit).await;
    tx.end(outcome).await
}

/// The invite as it is and as the edit would make it; what the rules refuse is refused.
async fn plan(
    tx: &Transaction,
    caller: &Caller,
    id: InviteId,
    edit: &InviteChanges,
) -> Result<(Invite, Invite), EngineError> {
    edit.validate(tx.now)?;
    let (before, _) = by_id(tx, caller, id).await?.ok_or(Refusal::NotFound("invite"))?;
    let after = rules::edit(before.clone(), edit, tx.now)?;
    Ok((before, after))
}

async fn change(
    tx: &Transaction,
    caller: &Caller,
    id: InviteId,
    edit: &InviteChanges,
) -> Result<Invite, EngineError> {
    let (before, after) = plan(tx, caller, id, edit).await?;
    if after == before {
        return Ok(after);
    }
    if let Some(username) = &after.username
        && rules::state(&after, tx.now) == State::Pending
    {
        if after.kind == Kind::PasswordReset {
            end_resets(tx, caller, username, Some(id)).await?;
        } else if reserved_for(tx, caller.host_number, username).await?.is_some_and(|holder| holder != id) {
            return Err(UsernameRefusal::Reserved.into());
        }
    }
    let revoked_at = after.revoked_at.map(Timestamp::as_millis);
    let (expires_at, max_uses) = (after.expires_at.as_millis(), after.max_uses.map(i64::from));
    tx.execute(UPDATE, &[&id.to_bytes().as_slice(), &expires_at, &max_uses, &after.note, &revoked_at])
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
        let source = caller.auth.source.as_str();
        append_event(tx, caller.host_number, source, action, Subject::Invite(id), None).await?;
    }
    Ok(after)
}
