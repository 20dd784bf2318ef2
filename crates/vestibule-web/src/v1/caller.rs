//! The caller of a request.

use axum::extract::FromRequestParts;
use http::request::Parts;
use vestibule_core::{ClaimId, InviteId, Principal, Refusal, Scope};

use super::problem::Problem;
use crate::{
    AppState,
    http::{Bearer, bearer},
};

/// The key of a request, not yet checked: the store authorizes it in the transaction of the operation. A handler
/// without a `Caller` has no [`Principal`] for the store, so it cannot forget the check.
pub(super) struct Caller(pub(super) Principal);

impl Caller {
    /// Resolves a path parameter. If it is malformed, authorizes the caller first, so that only authorized callers
    /// learn that the id is invalid.
    pub(super) async fn resolve<T>(
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

    /// Parses the id of an invite in a path. A malformed id is answered like an unknown one (404).
    pub(super) async fn invite_id(
        &self,
        state: &AppState,
        text: &str,
        scope: Scope,
    ) -> Result<InviteId, Problem> {
        self.resolve(state, scope, text.parse().map_err(|_| Refusal::NotFound("invite").into())).await
    }

    /// Parses the id of a claim in a path. A malformed id is answered like an unknown one (404).
    pub(super) async fn claim_id(&self, state: &AppState, text: &str) -> Result<ClaimId, Problem> {
        self.resolve(state, Scope::Redeem, text.parse().map_err(|_| Refusal::NotFound("claim").into())).await
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
