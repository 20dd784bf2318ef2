//! Checking an authority, inside the transaction that does the work.

use std::rc::Rc;

use rusqlite::{OptionalExtension, Row};
use vestibule_core::{
    AuthContext, Host, KeyId, KeyRecord, Principal, Refusal, Scope, Scopes, SecretHash, Source, Timestamp,
    rules,
};

use super::{job::EngineError, transaction::Transaction};
use crate::rate_limiter::RateChain;

/// The columns that [`read_key`] expects, as a piece of SQL.
macro_rules! key_columns {
    () => {
        "id, host, secret, name, scopes, created_at, expires_at, rate, last_used_at, parent"
    };
}
pub(super) use key_columns;

/// An authority that was checked, with the number of its host.
pub(super) struct Caller {
    pub(super) host_number: i64,
    pub(super) auth: AuthContext,
    /// The key, where the authority was one.
    pub(super) key: Option<Rc<CachedKey>>,
}

/// A key as it was read.
pub(super) struct CachedKey {
    host_number: i64,
    source: Source,
    pub(super) record: KeyRecord,
    /// The rates that its calls count against: those of the keys that it descends from, and its own.
    rates: RateChain,
}

/// Checks `by` for what it needs and takes `calls` from the rate of its key.
pub(super) fn authorize_and_charge(
    tx: &Transaction<'_>,
    by: &Principal,
    needed: impl Into<Scopes>,
    calls: u32,
) -> Result<Caller, EngineError> {
    let caller = authorize(tx, by, needed)?;
    caller.take(tx, calls)?;
    Ok(caller)
}

/// Checks `by` for what it needs, and leaves it to the caller to take from the rate of its key.
pub(super) fn authorize(
    tx: &Transaction<'_>,
    by: &Principal,
    needed: impl Into<Scopes>,
) -> Result<Caller, EngineError> {
    match by {
        Principal::Operator { host, source } => {
            let host_number = tx.host_number(host)?.ok_or(Refusal::UnknownHost)?;
            let auth = AuthContext { host: host.clone(), source: source.clone() };
            Ok(Caller { host_number, auth, key: None })
        }
        Principal::Key(presented) => {
            let found = tx.key(&presented.id, || find_key(tx, &presented.id))?;
            rules::authorize(found.as_deref().map(|key| &key.record), presented, needed, tx.now)?;
            let key = found.ok_or(Refusal::Unauthorized)?;
            tx.engine.key_uses.note(&key.record.id, tx.now);
            let auth = AuthContext { host: key.record.host.clone(), source: key.source.clone() };
            Ok(Caller { host_number: key.host_number, auth, key: Some(key) })
        }
    }
}

impl Caller {
    /// Takes `calls` from the rate of the key and of those that it descends from.
    pub(super) fn take(&self, tx: &Transaction<'_>, calls: u32) -> Result<(), Refusal> {
        match &self.key {
            Some(key) => tx.engine.rate_limiter.take(&key.rates, calls, tx.now),
            None => Ok(()),
        }
    }

    /// Whether the caller may see what lets somebody in.
    pub(super) fn sees_tokens(&self) -> bool {
        self.key.as_ref().is_none_or(|key| key.record.scopes.has(Scope::InvitesManage))
    }
}

fn find_key(tx: &Transaction<'_>, id: &KeyId) -> Result<Option<CachedKey>, EngineError> {
    const FIND: &str = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = ?1");
    let mut statement = tx.statement(FIND)?;
    let row = statement.query_row([id.as_str()], |row| Ok(read_key(tx, row))).optional()?;
    let Some(mut key) = row.transpose()? else { return Ok(None) };
    if let Some(parent) = key.record.parent.clone() {
        // It ends with the key that made it.
        let Some(parent) = tx.key(&parent, || find_key(tx, &parent))? else { return Ok(None) };
        key.rates = parent.rates.clone();
    }
    key.rates.add(&key.record);
    Ok(Some(key))
}

/// Reads `key_columns!()`, in this order.
pub(super) fn read_key(tx: &Transaction<'_>, row: &Row<'_>) -> Result<CachedKey, EngineError> {
    let id: String = row.get(0)?;
    let host_number: i64 = row.get(1)?;
    let scopes: String = row.get(4)?;
    let rate: Option<String> = row.get(7)?;
    let parent: Option<String> = row.get(9)?;
    let corrupt = |what: &str| EngineError::Corrupt(format!("key {id}: {what}"));
    let host: Host = tx.host(host_number)?;
    let record = KeyRecord {
        host,
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
