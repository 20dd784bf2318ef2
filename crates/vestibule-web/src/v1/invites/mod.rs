//! Invites.

mod batch;
mod create;
mod create_request;
mod edit;
mod list;
mod redemptions;
mod revoke;
mod show;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

/// `/v1/invites` and what is below it.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create::handle, list::handle))
        .routes(routes!(batch::handle))
        .routes(routes!(show::handle, edit::handle, revoke::handle))
        .routes(routes!(redemptions::handle))
}
