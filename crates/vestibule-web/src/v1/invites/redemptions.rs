//! `GET /v1/invites/{id}/redemptions`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestibule_core::{ClaimId, RedemptionQuery, Refusal, Scope};

use super::super::{
    caller::Caller, fields::FieldReader, params::Params, path_segment::PathSegment, problem::Problem,
    redemption_view::RedemptionView,
};
use crate::AppState;

/// Selection of redemptions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListRedemptionsQuery {
    /// Maximum number of items.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 500, default = 50)]
    limit: Option<String>,
    /// The `next_cursor` of the previous page, or the `redemptions_next_cursor` of the invite.
    #[param(value_type = String, required = false, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    cursor: Option<String>,
}

/// A page of redemptions.
#[derive(Serialize, ToSchema)]
#[schema(as = RedemptionPage)]
pub(crate) struct RedemptionPageView {
    /// Newest claim first.
    items: Vec<RedemptionView>,
    /// The `cursor` of the next page; `null` on the last page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List the redemptions of an invite
#[utoipa::path(
    get, path = "/v1/invites/{id}/redemptions", tag = "invites", operation_id = "list_redemptions",
    description = "Scope `invites:read`. Lists the redemptions of an invite, newest claim first. Follow `next_cursor` \
        until it is `null`.",
    params(("id" = String, Path, description = "The invite's `id`."), ListRedemptionsQuery),
    responses(
        (status = 200, description = "A page.", body = RedemptionPageView),
        (status = 404, description = "`not-found`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    Params(query): Params<ListRedemptionsQuery>,
    PathSegment(text): PathSegment,
) -> Result<Json<RedemptionPageView>, Problem> {
    let id = caller.invite_id(&state, &text, Scope::InvitesRead).await?;
    let mut fields = FieldReader::default();
    let before = query.cursor.as_deref();
    let before: Option<ClaimId> = before.and_then(|text| {
        fields.param("cursor", Some(text), "the next_cursor of the previous page, unchanged")
    });
    let query = RedemptionQuery { before, limit: fields.limit(query.limit.as_deref()) };
    fields.finish()?;
    let page = state.invite_service.store().redemptions(&caller.0, id, query).await?;
    let page = page.ok_or(Refusal::NotFound("invite"))?;
    Ok(Json(RedemptionPageView {
        items: page.items.iter().map(RedemptionView::from).collect(),
        next_cursor: page.next.map(|claim| claim.to_string()),
    }))
}
