//! Reading a key from its row.

use tokio_postgres::Row;
use vestibule_core::{KeyId, KeyRecord, SecretHash, Source, Timestamp};

use super::{engine::EngineContext, host_lookup};
use crate::{
    caller::CachedKey,
    postgres::error::{EngineError, array},
    rate_limiter::RateChain,
};

/// The columns that [`read_key`] expects.
macro_rules! key_columns {
    () => {
        "id, host, secret, name, scopes, created_at, expires_at, rate, last_used_at, parent"
    };
}
pub(in crate::postgres) use key_columns;

/// Reads `key_columns!()`, in this order.
pub(in crate::postgres) async fn read_key(
    engine: &EngineContext,
    row: &Row,
) -> Result<CachedKey, EngineError> {
    let id: &str = row.try_get(0)?;
    let host_number: i64 = row.try_get(1)?;
    let scopes: &str = row.try_get(4)?;
    let rate: Option<&str> = row.try_get(7)?;
    let parent: Option<&str> = row.try_get(9)?;
    let corrupt = |what: &str| EngineError::Corrupt(format!("key {id}: {what}"));
    let timestamp = |at: Option<i64>| at.map(Timestamp::from_millis);
    let record = KeyRecord {
        host: host_lookup::host(engine, host_number).await?,
        secret: SecretHash::from_bytes(array(row, 2)?),
        name: row.try_get(3)?,
        scopes: scopes.parse().map_err(|_| corrupt("scopes"))?,
        created_at: Timestamp::from_millis(row.try_get(5)?),
        expires_at: timestamp(row.try_get(6)?),
        rate: rate.map(str::parse).transpose().map_err(|_| corrupt("rate"))?,
        last_used_at: timestamp(row.try_get(8)?),
        parent: parent.map(KeyId::parse).transpose().map_err(|_| corrupt("parent"))?,
        id: KeyId::parse(id).map_err(|_| corrupt("id"))?,
    };
    Ok(CachedKey { host_number, source: Source::key(&record.id), record, rates: RateChain::default() })
}
