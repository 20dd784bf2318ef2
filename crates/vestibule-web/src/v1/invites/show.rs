//! `GET /v1/invites/{id}`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::Refusal;

use super::super::{
    RedemptionView, caller::Caller, invite_view::InviteView, params::NoParams, path_segment::PathSegment,
    problem::Problem,
};
use crate::AppState;

/// An invite and its redemptions.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviteWithRedemptions {
    #[serde(flatten)]
    invite: InviteView,
    /// Newest first, at most 100.
    redemptions: Vec<RedemptionView>,
    /// The `cursor` of `/v1/invites/{id}/redemptions` for the remaining redemptions; `null` if there are none.
    #[schema(required)]
    redemptions_next_cursor: Option<String>,
}

/// Show an invite
#[utoipa::path(
    get, path = "/v1/invites/{id}", tag = "invites", operation_id = "show_invite",
    description = "Scope `invites:read`. Shows an invite and its latest redemptions. Without `invites:manage`, \
        `token`, `url` and `uri` are `null`.",
    params(("id" = String, Path, description = "The invite's `id`.")),
    responses(
        (status = 200, description = "The invite.", body = InviteWithRedemptions),
        (status = 404, description = "`not-found`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
) -> Result<Json<InviteWithRedemptions>, Problem> {
    let id = caller.invite_id(&state, &text, vestibule_core::Scope::InvitesRead).await?;
    let found = state.invite_service.store().invite(&caller.0, id).await?;
    let found = found.ok_or(Refusal::NotFound("invite"))?;
    Ok(Json(InviteWithRedemptions {
        invite: InviteView::stored(found.invite, &state.invite_service, &state.links),
        redemptions: found.redemptions.items.iter().map(RedemptionView::from).collect(),
        redemptions_next_cursor: found.redemptions.next.map(|claim| claim.to_string()),
    }))
}
