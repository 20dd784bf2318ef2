//! Deleted keys, and imported invites that must not come back.

use rusqlite::OptionalExtension;
use vestibule_core::{InviteId, KeyId, Timestamp};

use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::tombstones::TombstoneRows,
};

statements! {
    const INSERT_KEY: Sql = "INSERT INTO deleted_keys (id, host) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING";

    const HOST_OF_KEY: Sql = "SELECT host FROM deleted_keys WHERE id = ?1";

    const INSERT_INVITE: Sql = "INSERT INTO invite_tombstones (id, host, expires_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (id) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)";

    const DELETE_INVITES: Sql = "DELETE FROM invite_tombstones WHERE id IN \
         (SELECT id FROM invite_tombstones WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";
}

impl TombstoneRows for Transaction<'_> {
    async fn insert_deleted_key(&self, caller: &Caller, id: &KeyId) -> Result<(), EngineError> {
        self.statement(INSERT_KEY)?.execute((id.as_str(), caller.host_number))?;
        Ok(())
    }

    async fn host_of_deleted_key(&self, id: &KeyId) -> Result<Option<i64>, EngineError> {
        let mut statement = self.statement(HOST_OF_KEY)?;
        Ok(statement.query_row([id.as_str()], |row| row.get(0)).optional()?)
    }

    async fn insert_invite_tombstones(
        &self,
        host_number: i64,
        invites: &[(InviteId, Timestamp)],
    ) -> Result<(), EngineError> {
        for (id, expires_at) in invites {
            self.statement(INSERT_INVITE)?.execute((id.to_bytes(), host_number, expires_at.as_millis()))?;
        }
        Ok(())
    }

    async fn delete_invite_tombstones(&self, until: Timestamp, limit: i64) -> Result<(), EngineError> {
        self.statement(DELETE_INVITES)?.execute((until.as_millis(), limit))?;
        Ok(())
    }
}
