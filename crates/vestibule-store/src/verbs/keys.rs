//! API keys.

use vestibule_core::{Action, KeyId, KeyRecord, NewKeyRecord, Refusal, Scope, rules};

use super::{
    rows::{KeyRows, Subject},
    tombstones::TombstoneRows,
};
use crate::caller::Caller;

/// The scope of these verbs.
pub(crate) const SCOPE: Scope = Scope::KeysManage;

/// Stores a new key.
pub(crate) async fn insert<T: KeyRows>(
    tx: &T,
    caller: &Caller,
    new: &NewKeyRecord,
) -> Result<KeyRecord, T::Error> {
    let expires_at = rules::key_expires_at(new.expiry, tx.now())?;
    if tx.count_keys(caller).await? >= rules::MAX_KEYS {
        return Err(Refusal::LimitReached { what: "keys", limit: rules::MAX_KEYS }.into());
    }
    let parent = caller.key.as_ref().map(|key| &key.record);
    if let Some(parent) = parent {
        rules::may_create_key(parent, new.scopes, new.expiry, new.rate, tx.now())?;
    }
    let key = KeyRecord {
        id: new.id.clone(),
        host: caller.auth.host.clone(),
        name: new.name.clone(),
        scopes: new.scopes,
        created_at: tx.now(),
        expires_at,
        rate: new.rate,
        last_used_at: None,
        parent: parent.map(|parent| parent.id.clone()),
        secret: new.secret,
    };
    tx.insert_key(caller, &key).await?;
    tx.append_event(caller, Action::KeyCreated, Subject::Key(&key.id), key.name.as_deref()).await?;
    Ok(key)
}

/// Stores a new key, unless the host has a key with its name: that one, and `false`.
pub(crate) async fn insert_if_missing<T: KeyRows>(
    tx: &T,
    caller: &Caller,
    new: &NewKeyRecord,
) -> Result<(KeyRecord, bool), T::Error> {
    match list(tx, caller).await?.into_iter().find(|key| key.name == new.name) {
        Some(found) => Ok((found, false)),
        None => Ok((insert(tx, caller, new).await?, true)),
    }
}

/// Lists the keys of the caller's host, oldest first.
pub(crate) async fn list<T: KeyRows>(tx: &T, caller: &Caller) -> Result<Vec<KeyRecord>, T::Error> {
    let mut keys = tx.keys(caller).await?;
    for key in &mut keys {
        key.last_used_at = key.last_used_at.max(tx.key_uses().of(&key.id));
    }
    Ok(keys)
}

/// Deletes a key and its descendants; returns their ids.
pub(crate) async fn delete<T: KeyRows + TombstoneRows>(
    tx: &T,
    caller: &Caller,
    id: &KeyId,
) -> Result<Vec<KeyId>, T::Error> {
    let target = tx.key(caller, id).await?.ok_or(Refusal::NotFound("key"))?;
    if let Some(key) = &caller.key {
        rules::may_delete_key(&key.record, &target)?;
    }
    let family = tx.key_family(id).await?;
    for id in &family {
        tx.delete_key(id).await?;
        tx.insert_deleted_key(caller, id).await?;
        tx.append_event(caller, Action::KeyDeleted, Subject::Key(id), None).await?;
    }
    Ok(family)
}
