//! API keys.

use vestibule_core::{KeyId, KeyRecord, Timestamp};

use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{
            key_rows::{key_columns, read_key},
            transaction::Transaction,
        },
    },
    sql::statements,
    verbs::rows::KeyRows,
};

statements! {
    const INSERT: Sql =
        concat!("INSERT INTO keys (", key_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)");

    const ONE: Sql = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = $1 AND host = $2");

    // `UNION` ends at a key that was seen before.
    const FAMILY: Sql = "WITH RECURSIVE family (id) AS (
            SELECT id FROM keys WHERE id = $1 UNION SELECT keys.id FROM keys JOIN family ON keys.parent = family.id)
        SELECT id FROM family";

    const OF_HOST: Sql =
        concat!("SELECT ", key_columns!(), " FROM keys WHERE host = $1 ORDER BY created_at, id");

    const STORE_USES: Sql = "UPDATE keys AS k SET last_used_at = greatest(u.at, coalesce(k.last_used_at, 0)) \
         FROM unnest($1::text[], $2::bigint[]) AS u (id, at) WHERE k.id = u.id";

    const COUNT: Sql = "SELECT count(*) FROM keys WHERE host = $1";

    const DELETE: Sql = "DELETE FROM keys WHERE id = $1";

    const DELETE_RATE: Sql = "DELETE FROM meters WHERE key = $1";
}

impl KeyRows for Transaction {
    async fn count_keys(&self, caller: &Caller) -> Result<u32, EngineError> {
        let row = self.query_opt(COUNT, &[&caller.host_number]).await?;
        let count: i64 = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn insert_key(&self, caller: &Caller, key: &KeyRecord) -> Result<(), EngineError> {
        self.execute(
            INSERT,
            &[
                &key.id.as_str(),
                &caller.host_number,
                &key.secret.as_bytes().as_slice(),
                &key.name,
                &key.scopes.to_string(),
                &key.created_at.as_millis(),
                &key.expires_at.map(Timestamp::as_millis),
                &key.rate.map(|rate| rate.to_string()),
                &key.parent.as_ref().map(KeyId::as_str),
            ],
        )
        .await
        .map(drop)
    }

    async fn keys(&self, caller: &Caller) -> Result<Vec<KeyRecord>, EngineError> {
        let mut keys = Vec::new();
        for row in self.query(OF_HOST, &[&caller.host_number]).await? {
            let key = read_key(&self.engine, &row).await;
            keys.extend(self.engine.readable(key)?.map(|key| key.record));
        }
        Ok(keys)
    }

    async fn key(&self, caller: &Caller, id: &KeyId) -> Result<Option<KeyRecord>, EngineError> {
        match self.query_opt(ONE, &[&id.as_str(), &caller.host_number]).await? {
            Some(row) => Ok(Some(read_key(&self.engine, &row).await?.record)),
            None => Ok(None),
        }
    }

    async fn key_family(&self, id: &KeyId) -> Result<Vec<KeyId>, EngineError> {
        let mut family = Vec::new();
        for row in self.query(FAMILY, &[&id.as_str()]).await? {
            let text: &str = row.try_get(0)?;
            family.push(KeyId::parse(text).map_err(|_| EngineError::Corrupt(format!("key {text}: id")))?);
        }
        Ok(family)
    }

    async fn delete_key(&self, id: &KeyId) -> Result<(), EngineError> {
        self.execute(DELETE, &[&id.as_str()]).await?;
        self.execute(DELETE_RATE, &[&id.as_str()]).await.map(drop)
    }

    async fn store_key_uses(&self, uses: &[(KeyId, Timestamp)]) -> Result<(), EngineError> {
        let mut uses = uses.to_vec();
        // In order, so that nodes which do this concurrently do not deadlock.
        uses.sort_unstable();
        let (ids, times): (Vec<_>, Vec<_>) =
            uses.iter().map(|(id, at)| (id.as_str().to_owned(), at.as_millis())).unzip();
        self.execute(STORE_USES, &[&ids, &times]).await.map(drop)
    }
}
