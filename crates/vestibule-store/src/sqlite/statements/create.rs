//! Creating invites.

use vestibule_core::{Action, IdempotencyKey, Invite, Kind, NewInvite};

use super::{
    invites::{InviteRow, insert_invite},
    shared_fields::Fields,
};
use crate::{
    caller::Caller,
    sqlite::{
        error::EngineError,
        transaction::{Table, Transaction},
    },
    verbs::{
        accounts::STEP,
        create::{ensure_free, to_invite},
        idempotency,
        inviters::{ensure_allowed, is_made_by_member},
        rows::{AccountRows, Dependent, Subject, TransactionContext},
    },
};

/// Creates all invites or none.
pub(in crate::sqlite) async fn create(
    tx: &Transaction<'_>,
    caller: &Caller,
    new_invites: &[NewInvite],
    key: Option<&IdempotencyKey>,
) -> Result<Vec<Invite>, EngineError> {
    if let Some(key) = key
        && let Some(created) = idempotency::created_before(tx, caller, new_invites, key).await?
    {
        return Ok(created);
    }
    ensure_allowed(tx, caller, new_invites.iter().map(|new| &new.draft)).await?;
    let mut created = Vec::with_capacity(new_invites.len());
    let mut first_row_key = None;
    for new in new_invites {
        let invite = to_invite(new, caller, tx.policies(), tx.now)?;
        if let Some(username) = &invite.username {
            if invite.kind == Kind::PasswordReset {
                let resets = Dependent::Resets { except: None };
                tx.revoke_dependent(caller, resets, username, STEP).await?;
            } else {
                ensure_free(tx, caller, username).await?;
            }
        }
        let row_key = tx.next_row_key(Table::Invites, caller.host_number)?;
        let by_member = is_made_by_member(caller, invite.inviter.as_ref());
        let row = InviteRow { hash: new.hash.as_bytes(), row_key, by_member, fields: Fields::Own };
        insert_invite(tx, caller.host_number, &invite, row)?;
        first_row_key.get_or_insert(row_key);
        tx.append_event(caller, Action::InviteCreated, Subject::Invite(invite.id), None).await?;
        created.push(invite);
    }
    if let (Some(key), Some(first_row_key), Some(first)) = (key, first_row_key, created.first()) {
        idempotency::store(tx, caller, first, created.len(), first_row_key, key).await?;
    }
    Ok(created)
}
