//! Authorization of principals.
//!
//! This takes two steps. First the rules decide over the key as it is cached or read. Then the transaction that does
//! the work checks that the key still exists: keys are deleted but never changed, so this is enough, and a batch
//! statement can have it as a condition.

use std::sync::Arc;

use vestibule_core::{AuthContext, KeyId, PresentedKey, Principal, Refusal, Scopes, Timestamp, rules};

use super::{
    engine::EngineContext,
    host_lookup,
    key_rows::{key_columns, read_key},
    lock_queue::RefusalPermit,
    rate,
    transaction::Transaction,
};
use crate::{
    caller::{CachedKey, Caller},
    postgres::{error::EngineError, statements::sessions::find_session},
    rate_limiter::RateChain,
    sql::statements,
    verbs::sessions,
};

statements! {
    const KEY_EXISTS: Sql =
        "SELECT EXISTS (SELECT FROM keys WHERE id = $1::text AND secret = $2::bytea AND host = $3::bigint)";

    const ANCESTRY: Sql = concat!(
        "WITH RECURSIVE line AS (SELECT keys.*, 0 AS depth FROM keys WHERE id = $1
             UNION ALL SELECT keys.*, depth + 1 FROM keys JOIN line ON keys.id = line.parent WHERE depth < 1000)
         SELECT ",
        key_columns!(),
        " FROM line ORDER BY depth"
    );
}

/// Authorizes a principal and charges one call.
pub(in crate::postgres) async fn authorize_and_charge(
    engine: &Arc<EngineContext>,
    by: &Principal,
    needed: impl Into<Scopes>,
) -> Result<Caller, EngineError> {
    let caller = authorize(engine, by, needed.into()).await?;
    charge(engine, &caller, 1).await?;
    Ok(caller)
}

/// Authorizes a principal; charging it is left to the verb.
pub(in crate::postgres) async fn authorize(
    engine: &EngineContext,
    by: &Principal,
    needed: Scopes,
) -> Result<Caller, EngineError> {
    let presented = match by {
        Principal::Operator { host, source } => {
            let host_number = host_lookup::host_number(engine, host).await?.ok_or(Refusal::UnknownHost)?;
            let auth = AuthContext { host: host.clone(), source: source.clone() };
            return Ok(Caller { host_number, auth, key: None });
        }
        Principal::Session(hash) => {
            let (host_number, session) = find_session(engine, *hash).await?.ok_or(Refusal::Unauthorized)?;
            return Ok(sessions::caller(host_number, &session, engine.now())?);
        }
        Principal::Key(presented) => presented,
    };
    let now = engine.now();
    let allows = |key: &CachedKey| rules::authorize(Some(&key.record), presented, needed, now);
    let key = match engine.key_cache.key(&presented.id).filter(|key| allows(key).is_ok()) {
        Some(key) => key,
        // The cache may be stale, so a refusal is never taken from it.
        None => read_presented(engine, presented, needed, now).await?,
    };
    engine.key_uses.note(&key.record.id, now);
    Ok(Caller::of_key(key))
}

/// Authorizes a principal in full.
pub(in crate::postgres) async fn check_authorization(
    engine: Arc<EngineContext>,
    by: Principal,
    needed: Scopes,
) -> Result<AuthContext, EngineError> {
    let caller = authorize(&engine, &by, needed).await?;
    if caller.key.is_some() {
        let tx = Transaction::statements(&engine).await?;
        let outcome = revalidate(&tx, &caller).await;
        tx.end(outcome).await?;
    }
    Ok(caller.auth)
}

/// Charges calls to the rates of the caller's key and of its ancestors, over all nodes.
pub(in crate::postgres) async fn charge(
    engine: &Arc<EngineContext>,
    caller: &Caller,
    calls: u32,
) -> Result<(), EngineError> {
    match &caller.key {
        Some(key) => rate::take(engine, &key.rates, calls).await,
        None => Ok(()),
    }
}

/// Checks within a transaction that the caller's key still exists.
pub(in crate::postgres) async fn revalidate(tx: &Transaction, caller: &Caller) -> Result<(), EngineError> {
    let Some(key) = &caller.key else { return Ok(()) };
    let (id, secret) = (key.record.id.as_str(), key.record.secret.as_bytes().as_slice());
    let row = tx.query_opt(KEY_EXISTS, &[&id, &secret, &caller.host_number]).await?;
    if row.map(|row| row.try_get(0)).transpose()? == Some(true) {
        return Ok(());
    }
    tx.engine.key_cache.forget_key(&key.record.id);
    Err(Refusal::Unauthorized.into())
}

/// Begins to read at one snapshot, with an authorized caller.
pub(in crate::postgres) async fn begin_read(
    engine: &Arc<EngineContext>,
    by: &Principal,
    needed: impl Into<Scopes>,
) -> Result<(Transaction, Caller), EngineError> {
    let caller = authorize_and_charge(engine, by, needed).await?;
    let tx = Transaction::read(engine).await?;
    match revalidate(&tx, &caller).await {
        Ok(()) => Ok((tx, caller)),
        Err(error) => tx.end(Err(error)).await,
    }
}

/// Begins to write under the lock of the caller's host.
pub(in crate::postgres) async fn begin_write(
    engine: &Arc<EngineContext>,
    caller: &Caller,
) -> Result<Transaction, EngineError> {
    let tx = Transaction::write(engine, &[caller.host_number]).await?;
    match revalidate(&tx, caller).await {
        Ok(()) => Ok(tx),
        Err(error) => tx.end(Err(error)).await,
    }
}

/// Begins to read the reason why a batch statement skipped an item. Takes no lock of the host, and few run at a time.
/// The statements may see different snapshots: uses only grow, and if the rules allow the item in the end, it is tried
/// again under the lock.
pub(in crate::postgres) async fn begin_refusal_read<'a>(
    engine: &'a Arc<EngineContext>,
    caller: &Caller,
) -> Result<(RefusalPermit<'a>, Transaction), EngineError> {
    let permit = engine.lock_queue.refusal_read(caller.host_number).await?;
    let tx = Transaction::statements(engine).await?;
    match revalidate(&tx, caller).await {
        Ok(()) => Ok((permit, tx)),
        Err(error) => tx.end(Err(error)).await,
    }
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
    engine.key_cache.add_key(&key);
    Ok(key)
}

/// A key with the rates of its ancestors; `None` if it or an ancestor does not exist, because a key ends with its
/// parent.
async fn find_key(engine: &EngineContext, id: &KeyId) -> Result<Option<CachedKey>, EngineError> {
    let rows = engine.query(ANCESTRY, &[&id.as_str()]).await?;
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
