//! Importing invites and keys of another program.

use std::collections::HashMap;

use vestibule_core::{
    Action, ImportMode, ImportOutcome, ImportedInvite, InviteId, KeyId, KeyRecord, Kind, Scope, Scopes, rules,
};

use super::{
    rows::{InviteRows, KeyRows, Subject},
    tombstones::TombstoneRows,
};
use crate::caller::Caller;

/// What importing keys needs; only the operator has it all.
pub(crate) const KEYS_SCOPE: Scope = Scope::KeysManage;

/// What importing invites needs: the scopes to create any invite, and to see all.
pub(crate) fn invites_scopes() -> Scopes {
    [
        Scope::InvitesCreate,
        Scope::InvitesContact,
        Scope::InvitesReset,
        Scope::InvitesRoles,
        Scope::InvitesManage,
    ]
    .into_iter()
    .collect()
}

/// Rows that an import looks up and writes.
pub(crate) trait ImportRows: InviteRows {
    /// The numbers of the hosts that have invites with these ids.
    async fn hosts_of_invites(&self, ids: &[InviteId]) -> Result<HashMap<InviteId, i64>, Self::Error>;
    /// The numbers of the hosts that have tombstones of invites with these ids.
    async fn hosts_of_tombstones(&self, ids: &[InviteId]) -> Result<HashMap<InviteId, i64>, Self::Error>;
    /// Writes invites with all their fields, and appends an event for each.
    async fn insert_imported(&self, caller: &Caller, invites: &[&ImportedInvite]) -> Result<(), Self::Error>;
}

/// Imports invites; the outcomes are in their order.
pub(crate) async fn invites<T: ImportRows>(
    tx: &T,
    caller: &Caller,
    invites: &[ImportedInvite],
    mode: ImportMode,
) -> Result<Vec<ImportOutcome>, T::Error> {
    let ids: Vec<InviteId> = invites.iter().map(|new| new.invite.id).collect();
    let hosts = tx.hosts_of_invites(&ids).await?;
    let deleted = tx.hosts_of_tombstones(&ids).await?;
    let mut outcomes = Vec::with_capacity(invites.len());
    let mut new_invites = Vec::new();
    for new in invites {
        let id = &new.invite.id;
        let present = hosts.get(id).map(|host| (*host, ImportOutcome::Present));
        let known = present.or_else(|| deleted.get(id).map(|host| (*host, ImportOutcome::DeletedHere)));
        let outcome = match known {
            Some((host, outcome)) if host == caller.host_number => outcome,
            Some(_) => ImportOutcome::OtherHost,
            None if is_name_taken(tx, caller, new).await? => ImportOutcome::UsernameReserved,
            None => ImportOutcome::New,
        };
        if outcome == ImportOutcome::New {
            new_invites.push(new);
        }
        outcomes.push(outcome);
    }
    if mode != ImportMode::DryRun && !new_invites.is_empty() {
        tx.insert_imported(caller, &new_invites).await?;
    }
    Ok(outcomes)
}

async fn is_name_taken<T: ImportRows>(
    tx: &T,
    caller: &Caller,
    new: &ImportedInvite,
) -> Result<bool, T::Error> {
    match &new.invite.username {
        Some(username) if new.invite.kind != Kind::PasswordReset => {
            Ok(tx.reserved_for(caller, username).await?.is_some())
        }
        _ => Ok(false),
    }
}

/// Rows of keys of all hosts.
pub(crate) trait ImportKeyRows: KeyRows + TombstoneRows {
    /// A key of any host.
    async fn key_of_any_host(&self, id: &KeyId) -> Result<Option<KeyRecord>, Self::Error>;
}

/// Imports keys; the outcomes are in their order.
pub(crate) async fn keys<T: ImportKeyRows>(
    tx: &T,
    caller: &Caller,
    keys: &[KeyRecord],
    mode: ImportMode,
) -> Result<Vec<ImportOutcome>, T::Error> {
    let mut free = rules::MAX_KEYS.saturating_sub(tx.count_keys(caller).await?);
    let mut outcomes = Vec::with_capacity(keys.len());
    for key in keys {
        let outcome = match tx.key_of_any_host(&key.id).await? {
            Some(present) if present.host != caller.auth.host => ImportOutcome::OtherHost,
            Some(present) if present.secret != key.secret => ImportOutcome::OtherSecret,
            Some(_) => ImportOutcome::Present,
            None => match tx.host_of_deleted_key(&key.id).await?.filter(|_| mode != ImportMode::WriteAgain) {
                Some(host) if host == caller.host_number => ImportOutcome::DeletedHere,
                Some(_) => ImportOutcome::OtherHost,
                None if free == 0 => ImportOutcome::TooManyKeys,
                None => ImportOutcome::New,
            },
        };
        if outcome == ImportOutcome::New {
            free -= 1;
            if mode != ImportMode::DryRun {
                tx.insert_key(caller, key).await?;
                tx.append_event(caller, Action::KeyCreated, Subject::Key(&key.id), key.name.as_deref())
                    .await?;
            }
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}
