//! Minting.

use vestibule_core::{Action, IdempotencyKey, Invite, Kind, NewInvite, Principal, Scopes, UsernameRefusal};

use super::{
    account::end_resets,
    audit::append_event,
    caller::{Caller, authorize},
    idempotency,
    job::EngineError,
    reservation::reserved_for,
    row::insert_invite,
    transaction::Transaction,
};

pub(super) fn mint(
    tx: &Transaction<'_>,
    by: &Principal,
    invites: &[NewInvite],
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Vec<Invite>, EngineError> {
    let needed: Scopes = invites.iter().flat_map(|new| new.draft.needed_scopes().iter()).collect();
    let caller = authorize(tx, by, needed)?;
    if let Some(idempotency_key) = idempotency_key
        && let Some(minted) = idempotency::minted_before(tx, &caller, invites, idempotency_key)?
    {
        caller.take(tx, 1)?;
        return Ok(minted);
    }
    caller.take(tx, u32::try_from(invites.len()).unwrap_or(u32::MAX))?;
    let policy = tx.engine.options.policies.of(&caller.auth.host);
    let mut minted = Vec::with_capacity(invites.len());
    let mut first_row_key = None;
    for new in invites {
        let expires_at = new.draft.expires_at(tx.now, policy)?;
        new.draft.check_username(policy)?;
        if let Some(username) = &new.draft.username {
            if new.draft.kind == Kind::PasswordReset {
                end_resets(tx, &caller, username, None)?;
            } else if reserved_for(tx, caller.host_number, username)?.is_some() {
                return Err(UsernameRefusal::Reserved.into());
            }
        }
        let hash = new.hash;
        let invite =
            new.clone().into_invite(caller.auth.host.clone(), caller.auth.source.clone(), tx.now, expires_at);
        let row_key = insert_invite(tx, caller.host_number, &invite, hash.as_bytes())?;
        first_row_key.get_or_insert(row_key);
        record_minted(tx, &caller, &invite)?;
        minted.push(invite);
    }
    if let (Some(idempotency_key), Some(first_row_key)) = (idempotency_key, first_row_key) {
        idempotency::remember(tx, &caller, &minted, first_row_key, idempotency_key)?;
    }
    Ok(minted)
}

fn record_minted(tx: &Transaction<'_>, caller: &Caller, invite: &Invite) -> rusqlite::Result<()> {
    append_event(tx, caller, Action::InviteCreated, &invite.id.to_string(), None)
}
