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
use crate::App;

/// `/v1/invites` and what is below it.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::handle, list::handle))
        .routes(routes!(batch::handle))
        .routes(routes!(show::handle, edit::handle, revoke::handle))
        .routes(routes!(redemptions::handle))
}

/// Reads an id in an address. A malformed id is answered like an unknown one (404).
async fn id(app: &App, caller: &Caller, text: &str, scope: Scope) -> Result<InviteId, Problem> {
    caller.named(app, scope, text.parse().map_err(|_| Refusal::NotFound("invite").into())).await
}
