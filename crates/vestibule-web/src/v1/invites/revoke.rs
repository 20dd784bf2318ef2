//! `DELETE /v1/invites/{id}`.

use axum::extract::State;
use http::StatusCode;
use vestibule_core::{InviteChanges, Scope};

use super::super::{caller::Caller, params::NoParams, path_segment::PathSegment, problem::Problem};
use crate::AppState;

/// Revoke an invite
#[utoipa::path(
    delete, path = "/v1/invites/{id}", tag = "invites", operation_id = "revoke_invite",
    description = "Scope `invites:manage`. Revokes the invite; safe to repeat. The invite stays listed, and `PATCH` \
        with `\"revoked\": false` restores it.",
    params(("id" = String, Path, description = "The invite's `id`.")),
    responses(
        (status = 204, description = "The invite is revoked."),
        (status = 404, description = "`not-found`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
) -> Result<StatusCode, Problem> {
    let id = caller.invite_id(&state, &text, Scope::InvitesManage).await?;
    state.invite_service.store().edit_invite(&caller.0, id, InviteChanges::revoke()).await?;
    Ok(StatusCode::NO_CONTENT)
}
