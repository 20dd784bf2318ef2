//! Authorized callers.

use std::sync::Arc;

use vestibule_core::{AuthContext, KeyRecord, Scope, Source};

use crate::rate_limiter::RateChain;

/// A [`vestibule_core::Principal`] that passed authorization, with the number of its host.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) host_number: i64,
    pub(crate) auth: AuthContext,
    /// `None` for the operator.
    pub(crate) key: Option<Arc<CachedKey>>,
}

/// A cached key.
pub(crate) struct CachedKey {
    pub(crate) host_number: i64,
    pub(crate) source: Source,
    pub(crate) record: KeyRecord,
    /// The rates that its calls count against: its own and those of its ancestors.
    pub(crate) rates: RateChain,
}

impl Caller {
    /// The caller with a key.
    pub(crate) fn of_key(key: Arc<CachedKey>) -> Self {
        let auth = AuthContext { host: key.record.host.clone(), source: key.source.clone() };
        Self { host_number: key.host_number, auth, key: Some(key) }
    }

    /// Whether the caller may see tokens.
    pub(crate) fn sees_tokens(&self) -> bool {
        self.key.as_ref().is_none_or(|key| key.record.scopes.has(Scope::InvitesManage))
    }
}
