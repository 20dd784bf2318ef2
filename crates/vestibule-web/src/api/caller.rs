//! In whose name a request comes.

use axum::extract::FromRequestParts;
use http::request::Parts;
use vestibule_core::{Principal, Refusal, Scope};

use super::problem::Problem;
use crate::{
    AppState,
    bearer::{Bearer, bearer},
};

/// The key that a request came with, not yet checked: the store does that in the transaction that does the
/// work. A handler that asks for none has nothing to hand to the store, so it cannot forget to ask.
pub(super) struct Caller(pub(super) Principal);

impl Caller {
    /// Resolves a path parameter. If it is malformed, authorizes the caller first, so that only authorized callers
    /// learn that it is.
    pub(super) async fn named<T>(
        &self,
        state: &AppState,
        scope: Scope,
        read: Result<T, Problem>,
    ) -> Result<T, Problem> {
        if read.is_err() {
            state.invite_service.store().authorize(&self.0, scope.into()).await?;
        }
        read
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match bearer(&parts.headers) {
            Bearer::Key(key) => Ok(Self(Principal::Key(key))),
            Bearer::Absent | Bearer::Unreadable => Err(Refusal::Unauthorized.into()),
        }
    }
}
