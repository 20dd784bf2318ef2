//! Keys.

use rusqlite::OptionalExtension;
use vestibule_core::{Action, KeyId, KeyRecord, NewKeyRecord, Principal, Refusal, Scope, Timestamp, rules};

use super::{
    audit::append_event,
    caller::{authorize_and_charge, key_columns, read_key},
    job::EngineError,
    transaction::Transaction,
};

const INSERT: &str =
    concat!("INSERT INTO keys (", key_columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, ?9)");

const ONE: &str = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = ?1 AND host = ?2");

// `UNION` ends at a key that was seen before.
const FAMILY: &str = "WITH RECURSIVE family (id) AS (
        VALUES (?1) UNION SELECT keys.id FROM keys JOIN family ON keys.parent = family.id)
    SELECT id FROM family";

const OF_HOST: &str =
    concat!("SELECT ", key_columns!(), " FROM keys WHERE host = ?1 ORDER BY created_at, id");

pub(super) fn insert(
    tx: &Transaction<'_>,
    by: &Principal,
    new: &NewKeyRecord,
) -> Result<KeyRecord, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::KeysManage, 1)?;
    let expires_at = rules::key_expires_at(new.expiry, tx.now)?;
    let count: u32 = tx
        .statement("SELECT count(*) FROM keys WHERE host = ?1")?
        .query_row([caller.host_number], |row| row.get(0))?;
    if count >= rules::MAX_KEYS {
        return Err(Refusal::LimitReached { what: "keys", limit: rules::MAX_KEYS }.into());
    }
    if let Some(maker) = &caller.key {
        rules::may_make(&maker.record, new.scopes, new.expiry, new.rate, tx.now)?;
    }
    let key = KeyRecord {
        id: new.id.clone(),
        host: caller.auth.host.clone(),
        name: new.name.clone(),
        scopes: new.scopes,
        created_at: tx.now,
        expires_at,
        rate: new.rate,
        last_used_at: None,
        parent: caller.key.as_ref().map(|maker| maker.record.id.clone()),
        secret: new.secret,
    };
    tx.statement(INSERT)?.execute((
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
    append_event(tx, &caller, Action::KeyCreated, key.id.as_str(), key.name.as_deref())?;
    Ok(key)
}

pub(super) fn list(tx: &Transaction<'_>, by: &Principal) -> Result<Vec<KeyRecord>, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::KeysManage, 1)?;
    let mut statement = tx.statement(OF_HOST)?;
    let mut rows = statement.query([caller.host_number])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(key) = tx.readable(read_key(tx, row))? else { continue };
        let mut key = key.record;
        key.last_used_at = key.last_used_at.max(tx.engine.key_uses.of(&key.id));
        keys.push(key);
    }
    Ok(keys)
}

pub(super) fn delete(tx: &Transaction<'_>, by: &Principal, id: &KeyId) -> Result<(), EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::KeysManage, 1)?;
    let target = tx
        .statement(ONE)?
        .query_row((id.as_str(), caller.host_number), |row| Ok(read_key(tx, row)))
        .optional()?
        .transpose()?
        .ok_or(Refusal::NotFound("key"))?;
    if let Some(actor) = &caller.key {
        rules::may_delete(&actor.record, &target.record)?;
    }
    for id in family(tx, id)? {
        tx.statement("DELETE FROM keys WHERE id = ?1")?.execute([id.as_str()])?;
        tx.forget_key(&id);
        tx.engine.rate_limiter.forget(&id);
        append_event(tx, &caller, Action::KeyDeleted, id.as_str(), None)?;
    }
    Ok(())
}

/// The key and all that descend from it, itself first.
fn family(tx: &Transaction<'_>, id: &KeyId) -> Result<Vec<KeyId>, EngineError> {
    let mut statement = tx.statement(FAMILY)?;
    let mut rows = statement.query([id.as_str()])?;
    let mut family = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        family.push(KeyId::parse(&text).map_err(|_| EngineError::Corrupt(format!("key {text}: id")))?);
    }
    Ok(family)
}

/// Writes down when keys were last used. The caller takes note of it once it is on disk.
pub(super) fn note_uses(tx: &Transaction<'_>, uses: &[(KeyId, Timestamp)]) -> Result<(), EngineError> {
    let mut update =
        tx.statement("UPDATE keys SET last_used_at = max(?2, coalesce(last_used_at, 0)) WHERE id = ?1")?;
    for (id, at) in uses {
        update.execute((id.as_str(), at.as_millis()))?;
    }
    Ok(())
}
