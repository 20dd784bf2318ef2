//! Keys.

use std::sync::Arc;

use vestibule_core::{Action, KeyId, KeyRecord, NewKeyRecord, Principal, Refusal, Scope, Timestamp, rules};

use super::{
    audit::{Subject, append_event},
    batch_statement,
    caller::{Caller, authorize_and_charge, key_columns, read_key},
    engine_context::EngineContext,
    engine_error::EngineError,
    rate,
    transaction::Transaction,
};

const INSERT: &str =
    concat!("INSERT INTO keys (", key_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)");

const ONE: &str = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = $1 AND host = $2");

// `UNION` ends at a key that was seen before.
const FAMILY: &str = "WITH RECURSIVE family (id) AS (
        SELECT id FROM keys WHERE id = $1 UNION SELECT keys.id FROM keys JOIN family ON keys.parent = family.id)
    SELECT id FROM family";

const OF_HOST: &str =
    concat!("SELECT ", key_columns!(), " FROM keys WHERE host = $1 ORDER BY created_at, id");

const NOTE: &str = "UPDATE keys AS k SET last_used_at = greatest(u.at, coalesce(k.last_used_at, 0)) \
     FROM unnest($1::text[], $2::bigint[]) AS u (id, at) WHERE k.id = u.id";

pub(super) async fn insert(
    engine: Arc<EngineContext>,
    by: Principal,
    new: NewKeyRecord,
) -> Result<KeyRecord, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::KeysManage, 1).await?;
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = make(&tx, &caller, new).await;
    tx.end(outcome).await
}

async fn make(tx: &Transaction, caller: &Caller, new: NewKeyRecord) -> Result<KeyRecord, EngineError> {
    let expires_at = rules::key_expires_at(new.expiry, tx.now)?;
    let count = tx.query_opt("SELECT count(*) FROM keys WHERE host = $1", &[&caller.host_number]).await?;
    let count: i64 = count.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
    if count >= i64::from(rules::MAX_KEYS) {
        return Err(Refusal::LimitReached { what: "keys", limit: rules::MAX_KEYS }.into());
    }
    if let Some(maker) = &caller.key {
        rules::may_make(&maker.record, new.scopes, new.expiry, new.rate, tx.now)?;
    }
    let key = KeyRecord {
        id: new.id,
        host: caller.auth.host.clone(),
        name: new.name,
        scopes: new.scopes,
        created_at: tx.now,
        expires_at,
        rate: new.rate,
        last_used_at: None,
        parent: caller.key.as_ref().map(|maker| maker.record.id.clone()),
        secret: new.secret,
    };
    tx.execute(
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
    .await?;
    let (subject, source) = (Subject::Key(key.id.as_str()), caller.auth.source.as_str());
    append_event(tx, caller.host_number, source, Action::KeyCreated, subject, key.name.as_deref()).await?;
    Ok(key)
}

pub(super) async fn list(engine: Arc<EngineContext>, by: Principal) -> Result<Vec<KeyRecord>, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::KeysManage, 1).await?;
    let tx = Transaction::read(&engine).await?;
    let outcome = async {
        caller.revalidate(&tx).await?;
        let mut keys = Vec::new();
        for row in tx.query(OF_HOST, &[&caller.host_number]).await? {
            let Some(key) = engine.readable(read_key(&engine, &row).await)? else { continue };
            let mut key = key.record;
            key.last_used_at = key.last_used_at.max(engine.key_uses.of(&key.id));
            keys.push(key);
        }
        Ok(keys)
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

pub(super) async fn delete(engine: Arc<EngineContext>, by: Principal, id: KeyId) -> Result<(), EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::KeysManage, 1).await?;
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = delete_family(&tx, &caller, &id).await;
    let family = tx.end(outcome).await?;
    for id in &family {
        engine.cached.forget_key(id);
    }
    Ok(())
}

/// Deletes the key and all that descend from it, and answers their ids.
async fn delete_family(tx: &Transaction, caller: &Caller, id: &KeyId) -> Result<Vec<KeyId>, EngineError> {
    let row = tx.query_opt(ONE, &[&id.as_str(), &caller.host_number]).await?;
    let target = read_key(&tx.engine, &row.ok_or(Refusal::NotFound("key"))?).await?;
    if let Some(actor) = &caller.key {
        rules::may_delete(&actor.record, &target.record)?;
    }
    let mut family = Vec::new();
    for row in tx.query(FAMILY, &[&id.as_str()]).await? {
        let text: &str = row.try_get(0)?;
        let id = KeyId::parse(text).map_err(|_| EngineError::Corrupt(format!("key {text}: id")))?;
        tx.execute("DELETE FROM keys WHERE id = $1", &[&text]).await?;
        rate::forget(tx, text).await?;
        let (subject, source) = (Subject::Key(text), caller.auth.source.as_str());
        append_event(tx, caller.host_number, source, Action::KeyDeleted, subject, None).await?;
        family.push(id);
    }
    Ok(family)
}

/// Writes down when keys were last used.
pub(super) async fn note_uses(engine: Arc<EngineContext>) -> Result<(), EngineError> {
    let mut uses = engine.key_uses.unwritten();
    if uses.is_empty() {
        return Ok(());
    }
    // In order, so that nodes which do this at the same time do not wait for each other in a circle.
    uses.sort_unstable();
    let (ids, times): (Vec<_>, Vec<_>) =
        uses.iter().map(|(id, at)| (id.as_str().to_owned(), at.as_millis())).unzip();
    let tx = Transaction::write(&engine, &[]).await?;
    let outcome = tx.execute(NOTE, &[&ids, &times]).await;
    tx.end(outcome).await?;
    engine.key_uses.written(&uses);
    Ok(())
}
