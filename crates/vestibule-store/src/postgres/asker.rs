//! Checking an authority.
//!
//! It is done in two halves. First the key is judged by the rules, as it is remembered or read. Then the
//! transaction that does the work proves that this very key still is there: a key is deleted, but never
//! changed, so that is all there is to prove, and it can be a condition of a statement.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    Authority, Grant, KeyId, KeyRecord, PresentedKey, Refusal, Scope, SecretHash, Source, Timestamp, rules,
};

use super::{
    fault::Fault,
    known::{self, KnownKey},
    meter,
    row::array,
    session::Session,
    shared::Shared,
};

/// The columns that [`read_key`] expects, as a piece of SQL.
macro_rules! key_columns {
    () => {
        "id, host, secret, name, scopes, created_at, expires_at, rate, last_used_at"
    };
}
pub(super) use key_columns;

/// The condition that the asker `a` of a piece of work still may ask. It reads the id and the secret of its key from `a`.
macro_rules! proved {
    () => {
        "(a.key IS NULL OR (SELECT k.id FROM keys AS k WHERE k.id = a.key AND k.secret = a.secret \
         AND k.host = $3) IS NOT NULL)"
    };
}
pub(super) use proved;

const PROVE: &str =
    "SELECT EXISTS (SELECT FROM keys WHERE id = $1::text AND secret = $2::bytea AND host = $3::bigint)";

/// Who asks: judged by the rules, and still to be proved.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) host_number: i64,
    pub(super) grant: Grant,
    /// The key, where it is one.
    pub(super) key: Option<Arc<KnownKey>>,
}

/// Judges `by` for `scope`, and takes `calls` from the rate of its key.
pub(super) async fn ask(
    shared: &Arc<Shared>,
    by: &Authority,
    scope: Scope,
    calls: u32,
) -> Result<Asker, Fault> {
    let asker = judge(shared, by, scope).await?;
    asker.take(shared, calls).await?;
    Ok(asker)
}

/// Judges `by` for `scope`, and leaves it to the caller to take from the rate of its key.
pub(super) async fn judge(shared: &Shared, by: &Authority, scope: Scope) -> Result<Asker, Fault> {
    let presented = match by {
        Authority::Operator { host, source } => {
            let host_number = known::host_number(shared, host).await?.ok_or(Refusal::UnknownHost)?;
            let grant = Grant { host: host.clone(), source: source.clone() };
            return Ok(Asker { host_number, grant, key: None });
        }
        Authority::Key(presented) => presented,
    };
    let now = shared.now();
    let allows = |key: &KnownKey| rules::authorize(Some(&key.record), presented, scope, now);
    let remembered = shared.known.key(&presented.id).filter(|key| allows(key).is_ok());
    let key = match remembered {
        Some(key) => key,
        // What is remembered does not say no, either.
        None => read_presented(shared, presented, scope, now).await?,
    };
    shared.key_uses.note(&key.record.id, now);
    let grant = Grant { host: key.record.host.clone(), source: key.source.clone() };
    Ok(Asker { host_number: key.host_number, grant, key: Some(key) })
}

async fn read_presented(
    shared: &Shared,
    presented: &PresentedKey,
    scope: Scope,
    now: Timestamp,
) -> Result<Arc<KnownKey>, Fault> {
    const FIND: &str = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = $1");
    let rows = shared.query(FIND, &[&presented.id.as_str()]).await?;
    let found = match rows.first() {
        Some(row) => Some(Arc::new(read_key(shared, row).await?)),
        None => None,
    };
    rules::authorize(found.as_ref().map(|key| &key.record), presented, scope, now)?;
    let key = found.ok_or(Refusal::Unauthorized)?;
    shared.known.remember_key(&key);
    Ok(key)
}

impl Asker {
    /// Takes `calls` from the rate of the key, over all nodes.
    pub(super) async fn take(&self, shared: &Arc<Shared>, calls: u32) -> Result<(), Fault> {
        match &self.key {
            Some(key) => meter::take(shared, &key.record, calls).await,
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
    pub(super) async fn prove(&self, session: &Session) -> Result<(), Fault> {
        let Some(key) = &self.key else { return Ok(()) };
        let row = session.query_opt(PROVE, &[&self.key_id(), &self.key_secret(), &self.host_number]).await?;
        if row.map(|row| row.try_get(0)).transpose()? == Some(true) {
            return Ok(());
        }
        session.shared.known.forget_key(&key.record.id);
        Err(Refusal::Unauthorized.into())
    }
}

/// Reads `key_columns!()`, in this order.
pub(super) async fn read_key(shared: &Shared, row: &Row) -> Result<KnownKey, Fault> {
    let id: &str = row.try_get(0)?;
    let host_number: i64 = row.try_get(1)?;
    let scopes: &str = row.try_get(4)?;
    let rate: Option<&str> = row.try_get(7)?;
    let corrupt = |what: &str| Fault::Corrupt(format!("key {id}: {what}"));
    let moment = |at: Option<i64>| at.map(Timestamp::from_millis);
    let record = KeyRecord {
        host: known::host(shared, host_number).await?,
        secret: SecretHash::from_bytes(array(row, 2)?),
        name: row.try_get(3)?,
        scopes: scopes.parse().map_err(|_| corrupt("scopes"))?,
        created_at: Timestamp::from_millis(row.try_get(5)?),
        expires_at: moment(row.try_get(6)?),
        rate: rate.map(str::parse).transpose().map_err(|_| corrupt("rate"))?,
        last_used_at: moment(row.try_get(8)?),
        id: KeyId::parse(id).map_err(|_| corrupt("id"))?,
    };
    Ok(KnownKey { host_number, source: Source::key(&record.id), record })
}

/// Checks `by` for `scope`, in full.
pub(super) async fn authorize(shared: Arc<Shared>, by: Authority, scope: Scope) -> Result<Grant, Fault> {
    let asker = judge(&shared, &by, scope).await?;
    if let Some(key) = &asker.key {
        let rows = shared.query(PROVE, &[&asker.key_id(), &asker.key_secret(), &asker.host_number]).await?;
        if !matches!(rows.first().map(|row| row.try_get(0)), Some(Ok(true))) {
            shared.known.forget_key(&key.record.id);
            return Err(Refusal::Unauthorized.into());
        }
    }
    Ok(asker.grant)
}
