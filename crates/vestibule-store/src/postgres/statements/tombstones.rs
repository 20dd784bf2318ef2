//! Deleted keys, and imported invites that must not come back.

use vestibule_core::{InviteId, KeyId, Timestamp};

use crate::{
    caller::Caller,
    postgres::{error::EngineError, transactions::transaction::Transaction},
    sql::statements,
    verbs::tombstones::TombstoneRows,
};

statements! {
    const INSERT_KEY: Sql = "INSERT INTO deleted_keys (id, host) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";

    const HOST_OF_KEY: Sql = "SELECT host FROM deleted_keys WHERE id = $1";

    const INSERT_INVITES: Sql = "INSERT INTO invite_tombstones AS old (id, host, expires_at) \
         SELECT new.id, $1::bigint, new.at FROM unnest($2::bytea[], $3::bigint[]) AS new (id, at) \
         ON CONFLICT (id) DO UPDATE SET expires_at = greatest(old.expires_at, excluded.expires_at)";

    const DELETE_INVITES: Sql = "DELETE FROM invite_tombstones WHERE id IN \
         (SELECT id FROM invite_tombstones WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
}

impl TombstoneRows for Transaction {
    async fn insert_deleted_key(&self, caller: &Caller, id: &KeyId) -> Result<(), EngineError> {
        self.execute(INSERT_KEY, &[&id.as_str(), &caller.host_number]).await.map(drop)
    }

    async fn host_of_deleted_key(&self, id: &KeyId) -> Result<Option<i64>, EngineError> {
        let row = self.query_opt(HOST_OF_KEY, &[&id.as_str()]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    async fn insert_invite_tombstones(
        &self,
        host_number: i64,
        invites: &[(InviteId, Timestamp)],
    ) -> Result<(), EngineError> {
        let (ids, times): (Vec<_>, Vec<_>) =
            invites.iter().map(|(id, at)| (id.to_bytes().to_vec(), at.as_millis())).unzip();
        self.execute(INSERT_INVITES, &[&host_number, &ids, &times]).await.map(drop)
    }

    async fn delete_invite_tombstones(&self, until: Timestamp, limit: i64) -> Result<(), EngineError> {
        self.execute(DELETE_INVITES, &[&until.as_millis(), &limit]).await.map(drop)
    }
}
