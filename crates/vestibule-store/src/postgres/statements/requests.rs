//! Requests with an idempotency key.

use vestibule_core::{InviteId, Timestamp, TokenHash};

use super::invites::array;
use crate::{
    postgres::{error::EngineError, transactions::transaction::Transaction},
    sql::statements,
    verbs::rows::{RequestRows, StoredRequest, StoredToken},
};

statements! {
    const FIND: Sql = "SELECT fingerprint, first_place, count, created_at, expires_at FROM requests \
         WHERE id = $1 AND created_at > $2";

    const INSERT: Sql = "INSERT INTO requests \
         (id, fingerprint, first_place, count, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, \
         first_place = excluded.first_place, count = excluded.count, created_at = excluded.created_at, \
         expires_at = excluded.expires_at";

    const TOKENS: Sql = "SELECT id, token_hash, token_sealed FROM invites WHERE place >= $1 AND place < $2 \
         ORDER BY place";

    const DELETE: Sql = "DELETE FROM requests WHERE id IN \
         (SELECT id FROM requests WHERE created_at <= $1 ORDER BY created_at LIMIT $2)";
}

impl RequestRows for Transaction {
    async fn request(&self, id: &[u8; 32], since: Timestamp) -> Result<Option<StoredRequest>, EngineError> {
        let Some(row) = self.query_opt(FIND, &[&id.as_slice(), &since.as_millis()]).await? else {
            return Ok(None);
        };
        Ok(Some(StoredRequest {
            fingerprint: array(&row, 0)?,
            first_row_key: row.try_get(1)?,
            count: row.try_get(2)?,
            created_at: Timestamp::from_millis(row.try_get(3)?),
            expires_at: Timestamp::from_millis(row.try_get(4)?),
        }))
    }

    async fn insert_request(&self, id: &[u8; 32], request: &StoredRequest) -> Result<(), EngineError> {
        self.execute(
            INSERT,
            &[
                &id.as_slice(),
                &request.fingerprint.as_slice(),
                &request.first_row_key,
                &request.count,
                &request.created_at.as_millis(),
                &request.expires_at.as_millis(),
            ],
        )
        .await
        .map(drop)
    }

    async fn tokens_of_request(&self, request: &StoredRequest) -> Result<Vec<StoredToken>, EngineError> {
        let end = request.first_row_key.saturating_add(request.count);
        let mut tokens = Vec::new();
        for row in self.query(TOKENS, &[&request.first_row_key, &end]).await? {
            let (id, hash) = (InviteId::from_bytes(array(&row, 0)?), TokenHash::from_bytes(array(&row, 1)?));
            tokens.push((id, hash, row.try_get(2)?));
        }
        Ok(tokens)
    }

    async fn delete_requests_until(&self, until: Timestamp, limit: i64) -> Result<(), EngineError> {
        self.execute(DELETE, &[&until.as_millis(), &limit]).await.map(drop)
    }
}
