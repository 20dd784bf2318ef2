//! `DELETE /v1/invites/{id}`.

use axum::extract::State;
use http::StatusCode;
use vestibule_core::{InviteChanges, Scope};

use super::{
    super::{caller::Caller, params::NoParams, problem::Problem, segment::Segment},
    id,
};
use crate::App;

/// Revoke an invite
#[utoipa::path(
    delete, path = "/v1/invites/{id}", tag = "invites", operation_id = "revoke_invite",
    description = "Scope `invites:manage`. Takes the invite back; safe to repeat. It stays listed, and \
        `PATCH` with `\"revoked\": false` makes it good again.",
    params(("id" = String, Path, description = "The invite's `id`.")),
    responses(
        (status = 204, description = "It is revoked."),
        (status = 404, description = "`not-found`"),
    ),
)]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    _: NoParams,
    Segment(text): Segment,
) -> Result<StatusCode, Problem> {
    let id = id(&app, &caller, &text, Scope::InvitesManage).await?;
    app.invite_service.store().edit_invite(&caller.0, id, InviteChanges::revoke()).await?;
    Ok(StatusCode::NO_CONTENT)
}
