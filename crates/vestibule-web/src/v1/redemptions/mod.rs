//! Redemption of invites, for XMPP servers.

mod check;
mod claim;
mod complete;
mod release;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

/// `/v1/redemptions` and what is below it.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(check::handle))
        .routes(routes!(claim::handle))
        .routes(routes!(complete::handle))
        .routes(routes!(release::handle))
}
