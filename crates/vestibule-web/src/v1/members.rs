//! `GET /v1/members` and `GET /v1/members/{username}`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use vestibule_core::{ClaimId, MemberQuery, Refusal, Scope, Username};

use super::{
    caller::Caller,
    fields::FieldReader,
    member_view::{MemberDetailsView, MemberView},
    params::{NoParams, Params},
    path_segment::PathSegment,
    problem::Problem,
};
use crate::AppState;

/// Selection of members.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListMembersQuery {
    /// Maximum number of items.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 500, default = 50)]
    limit: Option<String>,
    /// The `next_cursor` of the previous page.
    #[param(value_type = String, required = false, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    cursor: Option<String>,
}

/// A page of members.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberPage {
    /// Newest first. A page with a `next_cursor` can have fewer items than `limit`, or none.
    items: Vec<MemberView>,
    /// The `cursor` of the next page; `null` on the last page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List members
#[utoipa::path(
    get, path = "/v1/members", tag = "members", operation_id = "list_members",
    description = "Scope `invites:read`. Lists the accounts that were created with invites, newest first. They are \
        listed as long as their invites are kept.",
    params(ListMembersQuery),
    responses((status = 200, description = "A page.", body = MemberPage)),
)]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Params(params): Params<ListMembersQuery>,
) -> Result<Json<MemberPage>, Problem> {
    let mut fields = FieldReader::default();
    let before: Option<ClaimId> =
        fields.param("cursor", params.cursor.as_deref(), "the next_cursor of the previous page, unchanged");
    let query = MemberQuery { before, limit: fields.limit(params.limit.as_deref()) };
    fields.finish()?;
    let page = state.invite_service.store().members(&caller.0, query).await?;
    let items = page.items.into_iter().map(MemberView::from).collect();
    Ok(Json(MemberPage { items, next_cursor: page.next.map(|claim| claim.to_string()) }))
}

/// Show a member
#[utoipa::path(
    get, path = "/v1/members/{username}", tag = "members", operation_id = "show_member",
    description = "Scope `invites:read`. Shows who joined when, by which invite, and whom this member invited. \
        Accounts that were not created with an invite, or that were deleted, are unknown.",
    params(("username" = String, Path, description = "The username.")),
    responses(
        (status = 200, description = "The member.", body = MemberDetailsView),
        (status = 404, description = "`not-found`"),
    ),
)]
async fn show(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
) -> Result<Json<MemberDetailsView>, Problem> {
    let username = Username::parse(&text).map_err(|_| Refusal::NotFound("member").into());
    let username = caller.resolve(&state, Scope::InvitesRead, username).await?;
    let found = state.invite_service.store().member(&caller.0, &username).await?;
    Ok(Json(found.ok_or(Refusal::NotFound("member"))?.into()))
}

/// `/v1/members`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}
