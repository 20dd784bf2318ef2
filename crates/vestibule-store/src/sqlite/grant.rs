//! Checking an authority, inside the transaction that does the work.

use std::rc::Rc;

use rusqlite::{OptionalExtension, Row};
use vestibule_core::{
    AuthContext, Host, KeyId, KeyRecord, Principal, Refusal, Scope, Scopes, SecretHash, Source, Timestamp,
    rules,
};

use super::{job::Fault, session::Session};
use crate::limiter::Meters;

/// The columns that [`read_key`] expects, as a piece of SQL.
macro_rules! key_columns {
    () => {
        "id, host, secret, name, scopes, created_at, expires_at, rate, last_used_at, parent"
    };
}
pub(super) use key_columns;

/// An authority that was checked, with the number of its host.
pub(super) struct Granted {
    pub(super) host_number: i64,
    pub(super) grant: AuthContext,
    /// The key, where the authority was one.
    pub(super) key: Option<Rc<KnownKey>>,
}

/// A key as it was read.
pub(super) struct KnownKey {
    host_number: i64,
    source: Source,
    pub(super) record: KeyRecord,
    /// The rates that its calls count against: those of the keys that it descends from, and its own.
    meters: Meters,
}

/// Checks `by` for what it needs and takes `calls` from the rate of its key.
pub(super) fn grant(
    session: &Session<'_>,
    by: &Principal,
    needed: impl Into<Scopes>,
    calls: u32,
) -> Result<Granted, Fault> {
    let granted = authorize(session, by, needed)?;
    granted.take(session, calls)?;
    Ok(granted)
}

/// Checks `by` for what it needs, and leaves it to the caller to take from the rate of its key.
pub(super) fn authorize(
    session: &Session<'_>,
    by: &Principal,
    needed: impl Into<Scopes>,
) -> Result<Granted, Fault> {
    match by {
        Principal::Operator { host, source } => {
            let host_number = session.host_number(host)?.ok_or(Refusal::UnknownHost)?;
            let grant = AuthContext { host: host.clone(), source: source.clone() };
            Ok(Granted { host_number, grant, key: None })
        }
        Principal::Key(presented) => {
            let found = session.key(&presented.id, || find_key(session, &presented.id))?;
            rules::authorize(found.as_deref().map(|key| &key.record), presented, needed, session.now)?;
            let key = found.ok_or(Refusal::Unauthorized)?;
            session.shared.key_uses.note(&key.record.id, session.now);
            let grant = AuthContext { host: key.record.host.clone(), source: key.source.clone() };
            Ok(Granted { host_number: key.host_number, grant, key: Some(key) })
        }
    }
}

impl Granted {
    /// Takes `calls` from the rate of the key and of those that it descends from.
    pub(super) fn take(&self, session: &Session<'_>, calls: u32) -> Result<(), Refusal> {
        match &self.key {
            Some(key) => session.shared.limiter.take(&key.meters, calls, session.now),
            None => Ok(()),
        }
    }

    /// Whether the caller may see what lets somebody in.
    pub(super) fn sees_tokens(&self) -> bool {
        self.key.as_ref().is_none_or(|key| key.record.scopes.has(Scope::InvitesManage))
    }
}

fn find_key(session: &Session<'_>, id: &KeyId) -> Result<Option<KnownKey>, Fault> {
    const FIND: &str = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = ?1");
    let mut statement = session.statement(FIND)?;
    let row = statement.query_row([id.as_str()], |row| Ok(read_key(session, row))).optional()?;
    let Some(mut key) = row.transpose()? else { return Ok(None) };
    if let Some(parent) = key.record.parent.clone() {
        // It ends with the key that made it.
        let Some(parent) = session.key(&parent, || find_key(session, &parent))? else { return Ok(None) };
        key.meters = parent.meters.clone();
    }
    key.meters.add(&key.record);
    Ok(Some(key))
}

/// Reads `key_columns!()`, in this order.
pub(super) fn read_key(session: &Session<'_>, row: &Row<'_>) -> Result<KnownKey, Fault> {
    let id: String = row.get(0)?;
    let host_number: i64 = row.get(1)?;
    let scopes: String = row.get(4)?;
    let rate: Option<String> = row.get(7)?;
    let parent: Option<String> = row.get(9)?;
    let corrupt = |what: &str| Fault::Corrupt(format!("key {id}: {what}"));
    let host: Host = session.host(host_number)?;
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
    Ok(KnownKey { host_number, source: Source::key(&record.id), record, meters: Meters::default() })
}
