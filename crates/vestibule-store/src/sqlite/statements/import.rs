//! Importing invites and keys.

use std::collections::HashMap;

use rusqlite::OptionalExtension;
use vestibule_core::{Action, ImportedInvite, InviteId, KeyId, KeyRecord};

use super::{
    invites::{InviteRow, insert_invite},
    keys::find_key,
    shared_fields::Fields,
};
use crate::{
    caller::Caller,
    sql::{Sql, statements},
    sqlite::{
        error::EngineError,
        transaction::{Table, Transaction},
    },
    verbs::{
        import::{ImportKeyRows, ImportRows},
        rows::{Subject, TransactionContext},
    },
};

statements! {
    const HOST_OF_INVITE: Sql = "SELECT host FROM invites WHERE id = ?1";

    const HOST_OF_TOMBSTONE: Sql = "SELECT host FROM invite_tombstones WHERE id = ?1";
}

fn hosts_of(tx: &Transaction<'_>, sql: Sql, ids: &[InviteId]) -> Result<HashMap<InviteId, i64>, EngineError> {
    let mut statement = tx.statement(sql)?;
    let mut hosts = HashMap::new();
    for id in ids {
        if let Some(host) = statement.query_row([id.to_bytes()], |row| row.get(0)).optional()? {
            hosts.insert(*id, host);
        }
    }
    Ok(hosts)
}

impl ImportRows for Transaction<'_> {
    async fn hosts_of_invites(&self, ids: &[InviteId]) -> Result<HashMap<InviteId, i64>, EngineError> {
        hosts_of(self, HOST_OF_INVITE, ids)
    }

    async fn hosts_of_tombstones(&self, ids: &[InviteId]) -> Result<HashMap<InviteId, i64>, EngineError> {
        hosts_of(self, HOST_OF_TOMBSTONE, ids)
    }

    async fn insert_imported(&self, caller: &Caller, invites: &[&ImportedInvite]) -> Result<(), EngineError> {
        let first = self.next_row_keys(Table::Invites, caller.host_number, invites.len())?;
        for (row_key, new) in (first..).zip(invites) {
            let hash = new.hash.as_bytes();
            let row = InviteRow { hash, row_key, by_member: false, fields: Fields::Own };
            insert_invite(self, caller.host_number, &new.invite, row)?;
            self.append_event(caller, Action::InviteCreated, Subject::Invite(new.invite.id), None).await?;
        }
        Ok(())
    }
}

impl ImportKeyRows for Transaction<'_> {
    async fn key_of_any_host(&self, id: &KeyId) -> Result<Option<KeyRecord>, EngineError> {
        Ok(find_key(self, id)?.map(|key| key.record))
    }
}
