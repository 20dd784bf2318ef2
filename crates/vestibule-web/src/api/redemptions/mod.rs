//! Redeeming invites: what an XMPP server asks and tells.

mod check;
mod claim;
mod complete;
mod release;

use utoipa_axum::{router::OpenApiRouter, routes};
use vestibule_core::{ClaimId, Refusal, Scope};

use super::{caller::Caller, problem::Problem};
use crate::AppState;

/// `/v1/redemptions` and what is below it.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(check::handle))
        .routes(routes!(claim::handle))
        .routes(routes!(complete::handle))
        .routes(routes!(release::handle))
}

/// Reads a claim in an address. A malformed claim id is answered like an unknown one (404).
async fn claim_id(state: &AppState, caller: &Caller, text: &str) -> Result<ClaimId, Problem> {
    caller.named(state, Scope::Redeem, text.parse().map_err(|_| Refusal::NotFound("claim").into())).await
}
