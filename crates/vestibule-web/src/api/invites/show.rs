//! `GET /v1/invites/{id}`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::Refusal;

use super::super::{
    InviteView, RedemptionView, caller::Caller, params::NoParams, problem::Problem, segment::Segment,
};
use super::id;
use crate::App;

/// An invite and who came in by it.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviteWithRedemptions {
    #[serde(flatten)]
    invite: InviteView,
    /// Newest first, at most 1,000.
    redemptions: Vec<RedemptionView>,
}

/// Show an invite
#[utoipa::path(
    get, path = "/v1/invites/{id}", tag = "invites", operation_id = "show_invite",
    description = "Scope `invites:read`. The invite, and who came in by it.",
    params(("id" = String, Path, description = "The invite's `id`.")),
    responses(
        (status = 200, description = "The invite.", body = InviteWithRedemptions),
        (status = 404, description = "`not-found`"),
    ),
)]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    _: NoParams,
    Segment(text): Segment,
) -> Result<Json<InviteWithRedemptions>, Problem> {
    let id = id(&app, &caller, &text, vestibule_core::Scope::InvitesRead).await?;
    let found = app.desk.store().invite(&caller.0, id).await?;
    let (invite, redemptions) = found.ok_or(Refusal::NotFound("invite"))?;
    let invite = InviteView::stored(invite, &app.desk, &app.links);
    let redemptions = redemptions.iter().map(RedemptionView::from).collect();
    Ok(Json(InviteWithRedemptions { invite, redemptions }))
}
