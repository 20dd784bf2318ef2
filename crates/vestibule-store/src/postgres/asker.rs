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
    fault::Fault,
    known::{self, KnownKey},
    meter,
    row::array,
    session::Session,
    shared::Shared,
};
use crate::limiter::Meters;

/// The columns that [`read_key`] expects, as a piece of SQL.
macro_rules! key_columns {
    () => {
        "id, host, secret, name, scopes, created_at, expires_at, rate, last_used_at, parent"
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
    pub(super) grant: AuthContext,
    /// The key, where it is one.
    pub(super) key: Option<Arc<KnownKey>>,
}

/// Judges `by` for what it needs, and takes `calls` from the rate of its key.
pub(super) async fn ask(
    shared: &Arc<Shared>,
    by: &Principal,
    needed: impl Into<Scopes>,
    calls: u32,
) -> Result<Asker, Fault> {
    let asker = judge(shared, by, needed.into()).await?;
    asker.take(shared, calls).await?;
    Ok(asker)
}

/// Judges `by` for what it needs, and leaves it to the caller to take from the rate of its key.
pub(super) async fn judge(shared: &Shared, by: &Principal, needed: Scopes) -> Result<Asker, Fault> {
    let presented = match by {
        Principal::Operator { host, source } => {
            let host_number = known::host_number(shared, host).await?.ok_or(Refusal::UnknownHost)?;
            let grant = AuthContext { host: host.clone(), source: source.clone() };
            return Ok(Asker { host_number, grant, key: None });
        }
        Principal::Key(presented) => presented,
    };
    let now = shared.now();
    let allows = |key: &KnownKey| rules::authorize(Some(&key.record), presented, needed, now);
    let remembered = shared.known.key(&presented.id).filter(|key| allows(key).is_ok());
    let key = match remembered {
        Some(key) => key,
        // What is remembered does not say no, either.
        None => read_presented(shared, presented, needed, now).await?,
    };
    shared.key_uses.note(&key.record.id, now);
    let grant = AuthContext { host: key.record.host.clone(), source: key.source.clone() };
    Ok(Asker { host_number: key.host_number, grant, key: Some(key) })
}

async fn read_presented(
    shared: &Shared,
    presented: &PresentedKey,
    needed: Scopes,
    now: Timestamp,
) -> Result<Arc<KnownKey>, Fault> {
    let found = find_key(shared, &presented.id).await?.map(Arc::new);
    rules::authorize(found.as_ref().map(|key| &key.record), presented, needed, now)?;
    let key = found.ok_or(Refusal::Unauthorized)?;
    shared.known.remember_key(&key);
    Ok(key)
}

/// The key with this id, with the rates of those that it descends from. A key ends with the one that made it.
async fn find_key(shared: &Shared, id: &KeyId) -> Result<Option<KnownKey>, Fault> {
    const FAMILY: &str = concat!(
        "WITH RECURSIVE line AS (SELECT keys.*, 0 AS depth FROM keys WHERE id = $1
             UNION ALL SELECT keys.*, depth + 1 FROM keys JOIN line ON keys.id = line.parent WHERE depth < 1000)
         SELECT ",
        key_columns!(),
        " FROM line ORDER BY depth"
    );
    let rows = shared.query(FAMILY, &[&id.as_str()]).await?;
    let mut line = Vec::with_capacity(rows.len());
    for row in &rows {
        line.push(read_key(shared, row).await?);
    }
    if line.last().is_some_and(|oldest| oldest.record.parent.is_some()) {
        return Ok(None);
    }
    let mut meters = Meters::default();
    for key in line.iter().rev() {
        meters.add(&key.record);
    }
    Ok(line.into_iter().next().map(|key| KnownKey { meters, ..key }))
}

impl Asker {
    /// Whether the caller may see what lets somebody in.
    pub(super) fn sees_tokens(&self) -> bool {
        self.key.as_ref().is_none_or(|key| key.record.scopes.has(Scope::InvitesManage))
    }

    /// Takes `calls` from the rates that the key counts against, over all nodes.
    pub(super) async fn take(&self, shared: &Arc<Shared>, calls: u32) -> Result<(), Fault> {
        match &self.key {
            Some(key) => meter::take(shared, &key.meters, calls).await,
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
    let parent: Option<&str> = row.try_get(9)?;
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
        parent: parent.map(KeyId::parse).transpose().map_err(|_| corrupt("parent"))?,
        id: KeyId::parse(id).map_err(|_| corrupt("id"))?,
    };
    Ok(KnownKey { host_number, source: Source::key(&record.id), record, meters: Meters::default() })
}

/// Checks `by` for what it needs, in full.
pub(super) async fn authorize(
    shared: Arc<Shared>,
    by: Principal,
    needed: Scopes,
) -> Result<AuthContext, Fault> {
    let asker = judge(&shared, &by, needed).await?;
    if let Some(key) = &asker.key {
        let rows = shared.query(PROVE, &[&asker.key_id(), &asker.key_secret(), &asker.host_number]).await?;
        if !matches!(rows.first().map(|row| row.try_get(0)), Some(Ok(true))) {
            shared.known.forget_key(&key.record.id);
            return Err(Refusal::Unauthorized.into());
        }
    }
    Ok(asker.grant)
}
