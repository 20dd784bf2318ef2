//! Importing invites and keys.

use std::collections::HashMap;

use tokio_postgres::types::ToSql;
use vestibule_core::{Action, ImportedInvite, Invite, InviteId, KeyId, KeyRecord, Username};

use super::{
    batch_statement::{Param, column},
    fragments::last_row_key,
    invites::{array, data, labels},
};
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{
            begin::locked,
            key_rows::{key_columns, read_key},
            transaction::Transaction,
        },
    },
    presentation,
    sql::{Sql, statements},
    verbs::import::{ImportKeyRows, ImportRows},
};

statements! {
    const HOSTS_OF_INVITES: Sql = "SELECT id, host FROM invites WHERE id = ANY($1::bytea[])";

    const HOSTS_OF_TOMBSTONES: Sql = "SELECT id, host FROM invite_tombstones WHERE id = ANY($1::bytea[])";

    // Writes invites and their events.
    const INSERT: Sql = concat!(
        "WITH new AS MATERIALIZED (
             SELECT a.*, row_number() OVER (ORDER BY a.n) AS count, ",
        last_row_key!("invites"),
        " AS last
             FROM unnest($1::bytea[], $2::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::text[],
                         $18::text[])
                  WITH ORDINALITY AS a (id, token_hash, token_sealed, kind, username, inviter, labels, max_uses,
                                        created_at, expires_at, source, note, data, presentation, n)
             WHERE ",
        locked!(),
        "), made AS (
             INSERT INTO invites (place, id, host, kind, token_hash, token_sealed, username, inviter, labels,
                                  max_uses, created_at, expires_at, source, note, data,
                                  presentation)
             SELECT last + count, id, $3, kind, token_hash, token_sealed, username, inviter, labels, max_uses,
                    created_at, expires_at, source, note, data, presentation
             FROM new
         )
         INSERT INTO events (place, at, source, action, invite)
         SELECT ",
        last_row_key!("events"),
        " + count, $15::bigint, $16::text, $17::text, id FROM new"
    );

    const KEY_OF_ANY_HOST: Sql = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = $1");
}

async fn hosts_of(
    tx: &Transaction,
    sql: Sql,
    ids: &[InviteId],
) -> Result<HashMap<InviteId, i64>, EngineError> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.to_bytes().to_vec()).collect();
    let mut hosts = HashMap::new();
    for row in tx.query(sql, &[&ids]).await? {
        hosts.insert(InviteId::from_bytes(array(&row, 0)?), row.try_get(1)?);
    }
    Ok(hosts)
}

impl ImportRows for Transaction {
    async fn hosts_of_invites(&self, ids: &[InviteId]) -> Result<HashMap<InviteId, i64>, EngineError> {
        hosts_of(self, HOSTS_OF_INVITES, ids).await
    }

    async fn hosts_of_tombstones(&self, ids: &[InviteId]) -> Result<HashMap<InviteId, i64>, EngineError> {
        hosts_of(self, HOSTS_OF_TOMBSTONES, ids).await
    }

    async fn insert_imported(&self, caller: &Caller, invites: &[&ImportedInvite]) -> Result<(), EngineError> {
        let text = |name: &Username| name.as_str().to_owned();
        let field = |read: &dyn Fn(&Invite) -> Option<String>| column(invites, |new| read(&new.invite));
        let params: Vec<Param> = vec![
            column(invites, |new| new.invite.id.to_bytes().to_vec()),
            column(invites, |new| new.hash.as_bytes().to_vec()),
            Box::new(caller.host_number),
            column(invites, |new| new.invite.sealed_token.clone()),
            column(invites, |new| new.invite.kind.as_str()),
            field(&|invite| invite.username.as_ref().map(text)),
            field(&|invite| invite.inviter.as_ref().map(text)),
            field(&labels),
            column(invites, |new| new.invite.max_uses.map(i64::from)),
            column(invites, |new| new.invite.created_at.as_millis()),
            column(invites, |new| new.invite.expires_at.as_millis()),
            column(invites, |new| new.invite.source.as_str().to_owned()),
            field(&|invite| invite.note.clone()),
            field(&data),
            Box::new(self.now.as_millis()),
            Box::new(caller.auth.source.as_str().to_owned()),
            Box::new(Action::InviteCreated.as_str()),
            field(&presentation::to_text),
        ];
        let params: Vec<_> = params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect();
        let written = self.execute(INSERT, &params).await?;
        if usize::try_from(written) != Ok(invites.len()) {
            return Err(EngineError::Corrupt(format!("{written} invites of {} were written", invites.len())));
        }
        for _ in invites {
            self.count_action(caller.host_number, Action::InviteCreated);
        }
        Ok(())
    }
}

impl ImportKeyRows for Transaction {
    async fn key_of_any_host(&self, id: &KeyId) -> Result<Option<KeyRecord>, EngineError> {
        match self.query_opt(KEY_OF_ANY_HOST, &[&id.as_str()]).await? {
            Some(row) => Ok(Some(read_key(&self.engine, &row).await?.record)),
            None => Ok(None),
        }
    }
}
