//! API keys.

mod create;
mod delete;
mod list;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

/// `/v1/keys` and what is below it.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create::handle, list::handle)).routes(routes!(delete::handle))
}
