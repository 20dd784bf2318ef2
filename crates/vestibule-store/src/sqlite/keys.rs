//! Keys.

use rusqlite::OptionalExtension;
use vestibule_core::{Action, KeyId, KeyRecord, NewKeyRecord, Principal, Refusal, Scope, Timestamp, rules};

use super::{
    grant::{grant, key_columns, read_key},
    job::Fault,
    record::record,
    session::Session,
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

pub(super) fn insert(session: &Session<'_>, by: &Principal, new: &NewKeyRecord) -> Result<KeyRecord, Fault> {
    let granted = grant(session, by, Scope::KeysManage, 1)?;
    let expires_at = rules::key_expires_at(new.expiry, session.now)?;
    let count: u32 = session
        .statement("SELECT count(*) FROM keys WHERE host = ?1")?
        .query_row([granted.host_number], |row| row.get(0))?;
    if count >= rules::MAX_KEYS {
        return Err(Refusal::LimitReached { what: "keys", limit: rules::MAX_KEYS }.into());
    }
    if let Some(maker) = &granted.key {
        rules::may_make(&maker.record, new.scopes, new.expiry, new.rate, session.now)?;
    }
    let key = KeyRecord {
        id: new.id.clone(),
        host: granted.grant.host.clone(),
        name: new.name.clone(),
        scopes: new.scopes,
        created_at: session.now,
        expires_at,
        rate: new.rate,
        last_used_at: None,
        parent: granted.key.as_ref().map(|maker| maker.record.id.clone()),
        secret: new.secret,
    };
    session.statement(INSERT)?.execute((
        key.id.as_str(),
        granted.host_number,
        key.secret.as_bytes(),
        &key.name,
        key.scopes.to_string(),
        key.created_at.as_millis(),
        key.expires_at.map(Timestamp::as_millis),
        key.rate.map(|rate| rate.to_string()),
        key.parent.as_ref().map(KeyId::as_str),
    ))?;
    record(session, &granted, Action::KeyCreated, key.id.as_str(), key.name.as_deref())?;
    Ok(key)
}

pub(super) fn list(session: &Session<'_>, by: &Principal) -> Result<Vec<KeyRecord>, Fault> {
    let granted = grant(session, by, Scope::KeysManage, 1)?;
    let mut statement = session.statement(OF_HOST)?;
    let mut rows = statement.query([granted.host_number])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(key) = session.readable(read_key(session, row))? else { continue };
        let mut key = key.record;
        key.last_used_at = key.last_used_at.max(session.shared.key_uses.of(&key.id));
        keys.push(key);
    }
    Ok(keys)
}

pub(super) fn delete(session: &Session<'_>, by: &Principal, id: &KeyId) -> Result<(), Fault> {
    let granted = grant(session, by, Scope::KeysManage, 1)?;
    let target = session
        .statement(ONE)?
        .query_row((id.as_str(), granted.host_number), |row| Ok(read_key(session, row)))
        .optional()?
        .transpose()?
        .ok_or(Refusal::NotFound("key"))?;
    if let Some(actor) = &granted.key {
        rules::may_delete(&actor.record, &target.record)?;
    }
    for id in family(session, id)? {
        session.statement("DELETE FROM keys WHERE id = ?1")?.execute([id.as_str()])?;
        session.forget_key(&id);
        session.shared.limiter.forget(&id);
        record(session, &granted, Action::KeyDeleted, id.as_str(), None)?;
    }
    Ok(())
}

/// The key and all that descend from it, itself first.
fn family(session: &Session<'_>, id: &KeyId) -> Result<Vec<KeyId>, Fault> {
    let mut statement = session.statement(FAMILY)?;
    let mut rows = statement.query([id.as_str()])?;
    let mut family = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        family.push(KeyId::parse(&text).map_err(|_| Fault::Corrupt(format!("key {text}: id")))?);
    }
    Ok(family)
}

/// Writes down when keys were last used. The caller takes note of it once it is on disk.
pub(super) fn note_uses(session: &Session<'_>, uses: &[(KeyId, Timestamp)]) -> Result<(), Fault> {
    let mut update = session
        .statement("UPDATE keys SET last_used_at = max(?2, coalesce(last_used_at, 0)) WHERE id = ?1")?;
    for (id, at) in uses {
        update.execute((id.as_str(), at.as_millis()))?;
    }
    Ok(())
}
