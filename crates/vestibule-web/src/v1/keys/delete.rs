//! `DELETE /v1/keys/{id}`.

use axum::extract::State;
use http::StatusCode;
use vestibule_core::{KeyId, Refusal, Scope};

use super::super::{caller::Caller, params::NoParams, path_segment::PathSegment, problem::Problem};
use crate::AppState;

/// Delete a key
#[utoipa::path(
    delete, path = "/v1/keys/{id}", tag = "keys", operation_id = "delete_key",
    description = "Scope `keys:manage`. The key and those that it created stop working at once, on all nodes. A key \
        cannot delete a key with more permissions (`forbidden`). To replace a key, create a second one, \
        distribute it, and delete the first.",
    params(("id" = String, Path, description = "The key's `id`.")),
    responses(
        (status = 204, description = "The key is deleted."),
        (status = 404, description = "`not-found`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
) -> Result<StatusCode, Problem> {
    let id = KeyId::parse(&text).map_err(|_| Refusal::NotFound("key").into());
    let id = caller.resolve(&state, Scope::KeysManage, id).await?;
    state.invite_service.store().delete_key(&caller.0, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
