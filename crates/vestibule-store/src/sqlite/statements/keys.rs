//! API keys.

use rusqlite::{OptionalExtension, Row};
use vestibule_core::{KeyId, KeyRecord, SecretHash, Source, Timestamp};

use crate::{
    caller::{CachedKey, Caller},
    rate_limiter::RateChain,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::rows::KeyRows,
};

/// The columns that [`read_key`] expects.
macro_rules! key_columns {
    () => {
        "id, host, secret, name, scopes, created_at, expires_at, rate, last_used_at, parent"
    };
}

statements! {
    const INSERT: Sql =
        concat!("INSERT INTO keys (", key_columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, ?9)");

    const OF_HOST: Sql =
        concat!("SELECT ", key_columns!(), " FROM keys WHERE host = ?1 ORDER BY created_at, id");

    const BY_ID: Sql = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = ?1");

    // `UNION` ends at a key that was seen before.
    const FAMILY: Sql = "WITH RECURSIVE family (id) AS (
            VALUES (?1) UNION SELECT keys.id FROM keys JOIN family ON keys.parent = family.id)
        SELECT id FROM family";

    const STORE_USE: Sql = "UPDATE keys SET last_used_at = max(?2, coalesce(last_used_at, 0)) WHERE id = ?1";

    const COUNT: Sql = "SELECT count(*) FROM keys WHERE host = ?1";

    const DELETE: Sql = "DELETE FROM keys WHERE id = ?1";
}

impl KeyRows for Transaction<'_> {
    async fn count_keys(&self, caller: &Caller) -> Result<u32, EngineError> {
        let mut statement = self.statement(COUNT)?;
        Ok(statement.query_row([caller.host_number], |row| row.get(0))?)
    }

    async fn insert_key(&self, caller: &Caller, key: &KeyRecord) -> Result<(), EngineError> {
        self.statement(INSERT)?.execute((
            key.id.as_str(),
            caller.host_number,
            key.secret.as_bytes(),
            &key.name,
            key.scopes.to_string(),
            key.created_at.as_millis(),
            key.expires_at.map(Timestamp::as_millis),
            key.rate.map(|rate| rate.to_string()),
            key.parent.as_ref().map(KeyId::as_str),
        ))?;
        Ok(())
    }

    async fn keys(&self, caller: &Caller) -> Result<Vec<KeyRecord>, EngineError> {
        let mut statement = self.statement(OF_HOST)?;
        let mut rows = statement.query([caller.host_number])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            keys.extend(self.readable(read_key(self, row))?.map(|key| key.record));
        }
        Ok(keys)
    }

    async fn key(&self, caller: &Caller, id: &KeyId) -> Result<Option<KeyRecord>, EngineError> {
        let found = find_key(self, id)?.filter(|key| key.host_number == caller.host_number);
        Ok(found.map(|key| key.record))
    }

    async fn key_family(&self, id: &KeyId) -> Result<Vec<KeyId>, EngineError> {
        let mut statement = self.statement(FAMILY)?;
        let mut rows = statement.query([id.as_str()])?;
        let mut family = Vec::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            family.push(KeyId::parse(&text).map_err(|_| EngineError::Corrupt(format!("key {text}: id")))?);
        }
        Ok(family)
    }

    async fn delete_key(&self, id: &KeyId) -> Result<(), EngineError> {
        self.statement(DELETE)?.execute([id.as_str()])?;
        self.forget_key(id);
        self.engine.rate_limiter.forget(id);
        Ok(())
    }

    async fn store_key_uses(&self, uses: &[(KeyId, Timestamp)]) -> Result<(), EngineError> {
        let mut update = self.statement(STORE_USE)?;
        for (id, at) in uses {
            update.execute((id.as_str(), at.as_millis()))?;
        }
        Ok(())
    }
}

/// Reads a key, without the rates of its ancestors.
pub(in crate::sqlite) fn find_key(
    tx: &Transaction<'_>,
    id: &KeyId,
) -> Result<Option<CachedKey>, EngineError> {
    let mut statement = tx.statement(BY_ID)?;
    statement.query_row([id.as_str()], |row| Ok(read_key(tx, row))).optional()?.transpose()
}

/// Reads `key_columns!()`, in this order.
fn read_key(tx: &Transaction<'_>, row: &Row<'_>) -> Result<CachedKey, EngineError> {
    let id: String = row.get(0)?;
    let host_number: i64 = row.get(1)?;
    let scopes: String = row.get(4)?;
    let rate: Option<String> = row.get(7)?;
    let parent: Option<String> = row.get(9)?;
    let corrupt = |what: &str| EngineError::Corrupt(format!("key {id}: {what}"));
    let record = KeyRecord {
        host: tx.host(host_number)?,
        secret: SecretHash::from_bytes(row.get(2)?),
        name: row.get(3)?,
        scopes: scopes.parse().map_err(|_| corrupt("scopes"))?,
        created_at: Timestamp::from_millis(row.get(5)?),
        expires_at: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_millis),
        rate: rate.map(|text| text.parse()).transpose().map_err(|_| corrupt("rate"))?,
        last_used_at: row.get::<_, Option<i64>>(8)?.map(Timestamp::from_millis),
        parent: parent.map(|id| KeyId::parse(&id)).transpose().map_err(|_| corrupt("parent"))?,
        id: KeyId::parse(&id).map_err(|_| corrupt("id"))?,
    };
    Ok(CachedKey { host_number, source: Source::key(&record.id), record, rates: RateChain::default() })
}
