//! Keys.

use vestibule_core::{Action, Authority, KeyId, KeyRecord, NewKeyRecord, Refusal, Scope, Timestamp, rules};

use super::{
    grant::{grant, key_columns, read_key},
    job::Fault,
    record::record,
    session::Session,
};

const INSERT: &str =
    concat!("INSERT INTO keys (", key_columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)");

const OF_HOST: &str =
    concat!("SELECT ", key_columns!(), " FROM keys WHERE host = ?1 ORDER BY created_at, id");

pub(super) fn insert(session: &Session<'_>, by: &Authority, new: &NewKeyRecord) -> Result<KeyRecord, Fault> {
    let granted = grant(session, by, Scope::KeysManage, 1)?;
    let expires_at = rules::key_expires_at(new.expiry, session.now)?;
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
    ))?;
    record(session, &granted, Action::KeyCreated, key.id.as_str(), key.name.as_deref())?;
    Ok(key)
}

pub(super) fn list(session: &Session<'_>, by: &Authority) -> Result<Vec<KeyRecord>, Fault> {
    let granted = grant(session, by, Scope::KeysManage, 1)?;
    let mut statement = session.statement(OF_HOST)?;
    let mut rows = statement.query([granted.host_number])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let mut key = read_key(session, row)?.record;
        key.last_used_at = key.last_used_at.max(session.shared.key_uses.of(&key.id));
        keys.push(key);
    }
    Ok(keys)
}

pub(super) fn delete(session: &Session<'_>, by: &Authority, id: &KeyId) -> Result<(), Fault> {
    let granted = grant(session, by, Scope::KeysManage, 1)?;
    let deleted = session
        .statement("DELETE FROM keys WHERE id = ?1 AND host = ?2")?
        .execute((id.as_str(), granted.host_number))?;
    if deleted == 0 {
        return Err(Refusal::NotFound("key").into());
    }
    session.forget_key(id);
    session.shared.limiter.forget(id);
    record(session, &granted, Action::KeyDeleted, id.as_str(), None)?;
    Ok(())
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
