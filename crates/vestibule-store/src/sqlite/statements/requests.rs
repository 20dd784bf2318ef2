//! Requests with an idempotency key.

use rusqlite::OptionalExtension;
use vestibule_core::{InviteId, Timestamp, TokenHash};

use crate::{
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::rows::{RequestRows, StoredRequest, StoredToken},
};

statements! {
    const FIND: Sql = "SELECT fingerprint, first_place, count, created_at, expires_at FROM requests \
         WHERE id = ?1 AND created_at > ?2";

    const INSERT: Sql = "INSERT OR REPLACE INTO requests \
         (id, fingerprint, first_place, count, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    const TOKENS: Sql = "SELECT id, token_hash, token_sealed FROM invites WHERE place >= ?1 AND place < ?2 \
         ORDER BY place";

    const DELETE: Sql = "DELETE FROM requests WHERE id IN \
         (SELECT id FROM requests WHERE created_at <= ?1 ORDER BY created_at LIMIT ?2)";
}

impl RequestRows for Transaction<'_> {
    async fn request(&self, id: &[u8; 32], since: Timestamp) -> Result<Option<StoredRequest>, EngineError> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(StoredRequest {
                fingerprint: row.get(0)?,
                first_row_key: row.get(1)?,
                count: row.get(2)?,
                created_at: Timestamp::from_millis(row.get(3)?),
                expires_at: Timestamp::from_millis(row.get(4)?),
            })
        };
        Ok(self.statement(FIND)?.query_row((id, since.as_millis()), read).optional()?)
    }

    async fn insert_request(&self, id: &[u8; 32], request: &StoredRequest) -> Result<(), EngineError> {
        self.statement(INSERT)?.execute((
            id,
            request.fingerprint,
            request.first_row_key,
            request.count,
            request.created_at.as_millis(),
            request.expires_at.as_millis(),
        ))?;
        Ok(())
    }

    async fn tokens_of_request(&self, request: &StoredRequest) -> Result<Vec<StoredToken>, EngineError> {
        let end = request.first_row_key.saturating_add(request.count);
        let mut statement = self.statement(TOKENS)?;
        let mut rows = statement.query((request.first_row_key, end))?;
        let mut tokens = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, hash) = (InviteId::from_bytes(row.get(0)?), TokenHash::from_bytes(row.get(1)?));
            tokens.push((id, hash, row.get(2)?));
        }
        Ok(tokens)
    }

    async fn delete_requests_until(&self, until: Timestamp, limit: i64) -> Result<(), EngineError> {
        self.statement(DELETE)?.execute((until.as_millis(), limit))?;
        Ok(())
    }
}
