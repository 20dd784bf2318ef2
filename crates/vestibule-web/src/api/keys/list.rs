//! `GET /v1/keys`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{caller::Caller, params::NoParams, problem::Problem},
    view::KeyView,
};
use crate::App;

/// The keys of a host.
#[derive(Serialize, ToSchema)]
pub(crate) struct Keys {
    /// Oldest first.
    items: Vec<KeyView>,
}

/// List keys
#[utoipa::path(
    get, path = "/v1/keys", tag = "keys", operation_id = "list_keys",
    description = "Scope `keys:manage`. All keys of the host, oldest first.",
    responses((status = 200, description = "The keys.", body = Keys)),
)]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    _: NoParams,
) -> Result<Json<Keys>, Problem> {
    let keys = app.invite_service.store().keys(&caller.0).await?;
    Ok(Json(Keys { items: keys.into_iter().map(KeyView::from).collect() }))
}
