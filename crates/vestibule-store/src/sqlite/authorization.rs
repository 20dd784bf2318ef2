//! Authorization of principals, in the transaction that does the work.

use std::sync::Arc;

use vestibule_core::{AuthContext, KeyId, Principal, Refusal, Scopes, rules};

use super::{
    error::EngineError,
    statements::{keys::find_key, sessions::find_session},
    transaction::Transaction,
};
use crate::{
    caller::{CachedKey, Caller},
    verbs::sessions,
};

/// Authorizes a principal and charges one call.
pub(super) fn authorize_and_charge(
    tx: &Transaction<'_>,
    by: &Principal,
    needed: impl Into<Scopes>,
) -> Result<Caller, EngineError> {
    let caller = authorize(tx, by, needed)?;
    charge(tx, &caller, 1)?;
    Ok(caller)
}

/// Authorizes a principal; charging it is left to the verb.
pub(super) fn authorize(
    tx: &Transaction<'_>,
    by: &Principal,
    needed: impl Into<Scopes>,
) -> Result<Caller, EngineError> {
    match by {
        Principal::Operator { host, source } => {
            let host_number = tx.host_number(host)?.ok_or(Refusal::UnknownHost)?;
            let auth = AuthContext { host: host.clone(), source: source.clone() };
            Ok(Caller { host_number, auth, key: None })
        }
        Principal::Session(hash) => {
            let (host_number, session) = find_session(tx, *hash)?.ok_or(Refusal::Unauthorized)?;
            Ok(sessions::caller(host_number, &session, tx.now)?)
        }
        Principal::Key(presented) => {
            let found = cached_key(tx, &presented.id)?;
            rules::authorize(found.as_deref().map(|key| &key.record), presented, needed, tx.now)?;
            let key = found.ok_or(Refusal::Unauthorized)?;
            tx.engine.key_uses.note(&key.record.id, tx.now);
            Ok(Caller::of_key(key))
        }
    }
}

/// Charges calls to the rates of the caller's key and of its ancestors.
pub(super) fn charge(tx: &Transaction<'_>, caller: &Caller, calls: u32) -> Result<(), Refusal> {
    match &caller.key {
        Some(key) => tx.engine.rate_limiter.take(&key.rates, calls, tx.now),
        None => Ok(()),
    }
}

/// A key with the rates of its ancestors; `None` if it or an ancestor does not exist, because a key ends with its
/// parent.
fn cached_key(tx: &Transaction<'_>, id: &KeyId) -> Result<Option<Arc<CachedKey>>, EngineError> {
    tx.key(id, || {
        let Some(mut key) = find_key(tx, id)? else { return Ok(None) };
        if let Some(parent) = key.record.parent.clone() {
            let Some(parent) = cached_key(tx, &parent)? else { return Ok(None) };
            key.rates = parent.rates.clone();
        }
        key.rates.add(&key.record);
        Ok(Some(key))
    })
}
