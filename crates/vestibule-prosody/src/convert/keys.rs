//! Keys, as `prosodyctl mod_invites_api create` stores them.

use serde_json::Value;
use vestibule_core::{Host, KeyId, KeyRecord, NewKey, Scopes, SecretHash, Timestamp, hex};

use crate::fields::{cleaned, flag, text, time};

/// Converts a key; with notes on what is different now, which continue its name.
pub(super) fn convert(
    id: &str,
    record: &Value,
    host: &Host,
    now: Timestamp,
) -> Result<(KeyRecord, Vec<String>), String> {
    let Value::Object(record) = record else { return Err("it is not a table".to_owned()) };
    let id = KeyId::parse(id).map_err(|error| error.to_string())?;
    let secret = match (text(record, "token"), text(record, "sha256")) {
        (Some(secret), _) => SecretHash::of(secret),
        (None, Some(hash)) => {
            let hash = hex::decode(hash).ok_or("its SHA-256 has not 64 hexadecimal digits")?;
            SecretHash::from_bytes(hash)
        }
        (None, None) => return Err("it has no secret".to_owned()),
    };
    let mut notes = Vec::new();
    let mut name = text(record, "name").map(str::to_owned);
    // A label is no reason to drop a key.
    if let Some(changed) = name.as_deref().and_then(|name| cleaned(name, NewKey::MAX_NAME_BYTES, |_| false)) {
        notes.push(format!("is now named {changed:?}"));
        name = Some(changed).filter(|name| !name.is_empty());
    }
    let limited = match record.get("allowed_methods") {
        Some(Value::Object(methods)) => !flag(methods, "GET") || !flag(methods, "POST"),
        _ => false,
    };
    if limited {
        notes.push("was limited to some HTTP methods; it now works with GET and POST".to_owned());
    }
    let key = KeyRecord {
        id,
        host: host.clone(),
        name,
        scopes: Scopes::default(),
        created_at: time(record.get("created_at")).filter(|at| *at <= now).unwrap_or(now),
        expires_at: None,
        rate: None,
        last_used_at: None,
        parent: None,
        secret,
    };
    Ok((key, notes))
}
