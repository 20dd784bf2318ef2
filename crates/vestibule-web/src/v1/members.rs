//! `/v1/members`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use vestibule_core::{ClaimId, MemberQuery, Refusal, RevokedInvites, Scope, Username};

use super::{
    body::Body,
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
    /// Newest first.
    items: Vec<MemberView>,
    /// The `cursor` of the next page; `null` on the last page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List members
#[utoipa::path(
    get, path = "/v1/members", tag = "members", operation_id = "list_members",
    description = "Scope `invites:read`. Lists the accounts that were created with invites, newest first. They are \
        listed longer than their invites, for ever by default.",
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

/// Whether a member may invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberEdit)]
pub(crate) struct EditMemberRequest {
    /// `false`: keys create no invites in the name of this member any more. Its pending invites stay valid.
    may_invite: bool,
}

/// A member after a change.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberPermission)]
pub(crate) struct MemberPermissionView {
    /// The username in its prepared form.
    username: String,
    /// Whether it may invite.
    may_invite: bool,
}

/// Stop a member from inviting
#[utoipa::path(
    patch, path = "/v1/members/{username}", tag = "members", operation_id = "edit_member",
    description = "Scope `invites:manage`. Stops an account from inviting, or allows it again; safe to repeat. The \
        account may be one that no invite created.",
    params(("username" = String, Path, description = "The username.")),
    request_body(content = EditMemberRequest),
    responses((status = 200, description = "The change is saved.", body = MemberPermissionView)),
)]
async fn edit(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
    body: Body,
) -> Result<Json<MemberPermissionView>, Problem> {
    let username = username(&state, &caller, &text).await?;
    let EditMemberRequest { may_invite } = body.read()?;
    state.invite_service.store().set_may_invite(&caller.0, &username, may_invite).await?;
    Ok(Json(MemberPermissionView { username: username.to_string(), may_invite }))
}

/// Which invites to revoke.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RevokeInvitesQuery {
    /// `true`: also those of the members that it invited, of those whom they invited, and so on.
    #[param(value_type = bool, required = false, default = false)]
    branch: Option<String>,
}

/// The effect of a revocation.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitesRevoked)]
pub(crate) struct InvitesRevokedView {
    /// Number of revoked invites.
    revoked: u64,
}

/// Revoke the invites of a member
#[utoipa::path(
    delete, path = "/v1/members/{username}/invites", tag = "members", operation_id = "revoke_invites_of_member",
    description = "Scope `invites:manage`. Revokes the pending invites in the name of an account; safe to repeat. The \
        account may be one that no invite created.",
    params(("username" = String, Path, description = "The username."), RevokeInvitesQuery),
    responses((status = 200, description = "The invites are revoked.", body = InvitesRevokedView)),
)]
async fn revoke(
    State(state): State<AppState>,
    caller: Caller,
    Params(params): Params<RevokeInvitesQuery>,
    PathSegment(text): PathSegment,
) -> Result<Json<InvitesRevokedView>, Problem> {
    let username = username(&state, &caller, &text).await?;
    let mut fields = FieldReader::default();
    let branch: Option<bool> = fields.param("branch", params.branch.as_deref(), "true or false");
    fields.finish()?;
    let which = if branch == Some(true) { RevokedInvites::OfBranch } else { RevokedInvites::OfMember };
    let revoked = state.invite_service.store().revoke_invites_of(&caller.0, &username, which).await?;
    Ok(Json(InvitesRevokedView { revoked }))
}

/// The username in the path of a change.
async fn username(state: &AppState, caller: &Caller, text: &str) -> Result<Username, Problem> {
    let username = Username::parse(text).map_err(|error| Problem::field("username", error.to_string()));
    caller.resolve(state, Scope::InvitesManage, username).await
}

/// `/v1/members`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, edit)).routes(routes!(revoke))
}
