//! Checking an authority.
//!
//! It is done in two halves. First the key is judged by the rules, as it is remembered or read. Then the
//! transaction that does the work proves that this very key still is there: a key is deleted, but never
//! changed, so that is all there is to prove, and it can be a condition of a statement.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    AuthContext, KeyId, KeyRecord, PresentedKey, Principal, Refusal, Scope, Scopes, SecretHash, Source,
    Timestamp, rules,
};

use super::{
    engine_context::EngineContext,
    engine_error::EngineError,
    key_cache::{self, CachedKey},
    rate,
    row::array,
    transaction::Transaction,
};
use crate::rate_limiter::RateChain;

/// The columns that [`read_key`] expects, as a piece of SQL.
macro_rules! key_columns {
    () => {
        "id, host, secret, name, scopes, created_at, expires_at, rate, last_used_at, parent"
    };
}
pub(super) use key_columns;

/// The condition that the asker `a` of a piece of work still may ask. It reads the id and the secret of its key from `a`.
macro_rules! key_is_valid {
    () => {
        "(a.key IS NULL OR (SELECT k.id FROM keys AS k WHERE k.id = a.key AND k.secret = a.secret \
         AND k.host = $3) IS NOT NULL)"
    };
}
pub(super) use key_is_valid;

const KEY_EXISTS: &str =
    "SELECT EXISTS (SELECT FROM keys WHERE id = $1::text AND secret = $2::bytea AND host = $3::bigint)";

/// Who asks: judged by the rules, and still to be proved.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) host_number: i64,
    pub(super) auth: AuthContext,
    /// The key, where it is one.
    pub(super) key: Option<Arc<CachedKey>>,
}

/// Judges `by` for what it needs, and takes `calls` from the rate of its key.
pub(super) async fn authorize_and_charge(
    engine: &Arc<EngineContext>,
    by: &Principal,
    needed: impl Into<Scopes>,
    calls: u32,
) -> Result<Caller, EngineError> {
    let caller = authorize(engine, by, needed.into()).await?;
    caller.take(engine, calls).await?;
    Ok(caller)
}

/// Judges `by` for what it needs, and leaves it to the caller to take from the rate of its key.
pub(super) async fn authorize(
    engine: &EngineContext,
    by: &Principal,
    needed: Scopes,
) -> Result<Caller, EngineError> {
    let presented = match by {
        Principal::Operator { host, source } => {
            let host_number = key_cache::host_number(engine, host).await?.ok_or(Refusal::UnknownHost)?;
            let auth = AuthContext { host: host.clone(), source: source.clone() };
            return Ok(Caller { host_number, auth, key: None });
        }
        Principal::Key(presented) => presented,
    };
    let now = engine.now();
    let allows = |key: &CachedKey| rules::authorize(Some(&key.record), presented, needed, now);
    let remembered = engine.cached.key(&presented.id).filter(|key| allows(key).is_ok());
    let key = match remembered {
        Some(key) => key,
        // What is remembered does not say no, either.
        None => read_presented(engine, presented, needed, now).await?,
    };
    engine.key_uses.note(&key.record.id, now);
    let auth = AuthContext { host: key.record.host.clone(), source: key.source.clone() };
    Ok(Caller { host_number: key.host_number, auth, key: Some(key) })
}

async fn read_presented(
    engine: &EngineContext,
    presented: &PresentedKey,
    needed: Scopes,
    now: Timestamp,
) -> Result<Arc<CachedKey>, EngineError> {
    let found = find_key(engine, &presented.id).await?.map(Arc::new);
    rules::authorize(found.as_ref().map(|key| &key.record), presented, needed, now)?;
    let key = found.ok_or(Refusal::Unauthorized)?;
    engine.cached.remember_key(&key);
    Ok(key)
}

/// The key with this id, with the rates of those that it descends from. A key ends with the one that made it.
async fn find_key(engine: &EngineContext, id: &KeyId) -> Result<Option<CachedKey>, EngineError> {
    const FAMILY: &str = concat!(
        "WITH RECURSIVE line AS (SELECT keys.*, 0 AS depth FROM keys WHERE id = $1
             UNION ALL SELECT keys.*, depth + 1 FROM keys JOIN line ON keys.id = line.parent WHERE depth < 1000)
         SELECT ",
        key_columns!(),
        " FROM line ORDER BY depth"
    );
    let rows = engine.query(FAMILY, &[&id.as_str()]).await?;
    let mut line = Vec::with_capacity(rows.len());
    for row in &rows {
        line.push(read_key(engine, row).await?);
    }
    if line.last().is_some_and(|oldest| oldest.record.parent.is_some()) {
        return Ok(None);
    }
    let mut rates = RateChain::default();
    for key in line.iter().rev() {
        rates.add(&key.record);
    }
    Ok(line.into_iter().next().map(|key| CachedKey { rates, ..key }))
}

impl Caller {
    /// Whether the caller may see what lets somebody in.
    pub(super) fn sees_tokens(&self) -> bool {
        self.key.as_ref().is_none_or(|key| key.record.scopes.has(Scope::InvitesManage))
    }

    /// Takes `calls` from the rates that the key counts against, over all nodes.
    pub(super) async fn take(&self, engine: &Arc<EngineContext>, calls: u32) -> Result<(), EngineError> {
        match &self.key {
            Some(key) => rate::take(engine, &key.rates, calls).await,
            None => Ok(()),
        }
    }

    /// The id of the key, where it is one.
    pub(super) fn key_id(&self) -> Option<String> {
        self.key.as_ref().map(|key| key.record.id.as_str().to_owned())
    }

    /// The hash of its secret.
    pub(super) fn key_secret(&self) -> Option<Vec<u8>> {
        self.key.as_ref().map(|key| key.record.secret.as_bytes().to_vec())
    }

    /// Proves the asker within a transaction.
    pub(super) async fn revalidate(&self, tx: &Transaction) -> Result<(), EngineError> {
        let Some(key) = &self.key else { return Ok(()) };
        let row = tx.query_opt(KEY_EXISTS, &[&self.key_id(), &self.key_secret(), &self.host_number]).await?;
        if row.map(|row| row.try_get(0)).transpose()? == Some(true) {
            return Ok(());
        }
        tx.engine.cached.forget_key(&key.record.id);
        Err(Refusal::Unauthorized.into())
    }
}

/// Reads `key_columns!()`, in this order.
pub(super) async fn read_key(engine: &EngineContext, row: &Row) -> Result<CachedKey, EngineError> {
    let id: &str = row.try_get(0)?;
    let host_number: i64 = row.try_get(1)?;
    let scopes: &str = row.try_get(4)?;
    let rate: Option<&str> = row.try_get(7)?;
    let parent: Option<&str> = row.try_get(9)?;
    let corrupt = |what: &str| EngineError::Corrupt(format!("key {id}: {what}"));
    let clock = |at: Option<i64>| at.map(Timestamp::from_millis);
    let record = KeyRecord {
        host: key_cache::host(engine, host_number).await?,
        secret: SecretHash::from_bytes(array(row, 2)?),
        name: row.try_get(3)?,
        scopes: scopes.parse().map_err(|_| corrupt("scopes"))?,
        created_at: Timestamp::from_millis(row.try_get(5)?),
        expires_at: clock(row.try_get(6)?),
        rate: rate.map(str::parse).transpose().map_err(|_| corrupt("rate"))?,
        last_used_at: clock(row.try_get(8)?),
        parent: parent.map(KeyId::parse).transpose().map_err(|_| corrupt("parent"))?,
        id: KeyId::parse(id).map_err(|_| corrupt("id"))?,
    };
    Ok(CachedKey { host_number, source: Source::key(&record.id), record, rates: RateChain::default() })
}

/// Checks `by` for what it needs, in full.
pub(super) async fn check_authorization(
    engine: Arc<EngineContext>,
    by: Principal,
    needed: Scopes,
) -> Result<AuthContext, EngineError> {
    let caller = authorize(&engine, &by, needed).await?;
    if let Some(key) = &caller.key {
        let rows =
            engine.query(KEY_EXISTS, &[&caller.key_id(), &caller.key_secret(), &caller.host_number]).await?;
        if !matches!(rows.first().map(|row| row.try_get(0)), Some(Ok(true))) {
            engine.cached.forget_key(&key.record.id);
            return Err(Refusal::Unauthorized.into());
        }
    }
    Ok(caller.auth)
}
