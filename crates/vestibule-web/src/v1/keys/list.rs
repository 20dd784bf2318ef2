//! `GET /v1/keys`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{caller::Caller, params::NoParams, problem::Problem},
    view::KeyView,
};
use crate::AppState;

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
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
) -> Result<Json<Keys>, Problem> {
    let keys = state.invite_service.store().keys(&caller.0).await?;
    Ok(Json(Keys { items: keys.into_iter().map(KeyView::from).collect() }))
}
