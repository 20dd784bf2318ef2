//! Invites.

mod batch;
mod create;
mod edit;
mod list;
mod redemptions;
mod revoke;
mod show;
mod wanted;

use utoipa_axum::{router::OpenApiRouter, routes};
use vestibule_core::{InviteId, Refusal, Scope};

use super::{caller::Caller, problem::Problem};
use crate::AppState;

/// `/v1/invites` and what is below it.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create::handle, list::handle))
        .routes(routes!(batch::handle))
        .routes(routes!(show::handle, edit::handle, revoke::handle))
        .routes(routes!(redemptions::handle))
}

/// Reads an id in an address. A malformed id is answered like an unknown one (404).
async fn id(state: &AppState, caller: &Caller, text: &str, scope: Scope) -> Result<InviteId, Problem> {
    caller.named(state, scope, text.parse().map_err(|_| Refusal::NotFound("invite").into())).await
}
