//! `GET /v1/invites`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestibule_core::{InviteFilter, InviteQuery, Kind, State as InviteState};

use super::super::{
    caller::Caller,
    enum_schemas,
    fields::FieldReader,
    invite_view::InviteView,
    params::{DEFAULT_LIMIT, MAX_LIMIT, Params, write_cursor},
    problem::Problem,
};
use crate::AppState;

/// Selection of invites.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListInvitesQuery {
    /// Only invites in this state.
    #[param(required = false, schema_with = enum_schemas::state)]
    state: Option<String>,
    /// Only invites of this kind.
    #[param(required = false, schema_with = enum_schemas::kind)]
    kind: Option<String>,
    /// Only invites to this group.
    #[param(required = false)]
    group: Option<String>,
    /// Only invites in the name of this member.
    #[param(required = false, min_length = 1, max_length = 1023)]
    inviter: Option<String>,
    /// Only invites bound to this username.
    #[param(required = false, min_length = 1, max_length = 1023)]
    username: Option<String>,
    /// Only invites whose note contains this text, in letters of either case.
    #[param(required = false)]
    note: Option<String>,
    /// Only invites with this source, such as `cli` or `api/token/ID`.
    #[param(required = false)]
    source: Option<String>,
    /// Only invites with (`true`) or without (`false`) an unanswered request for a renewal.
    #[param(value_type = bool, required = false)]
    renewal_requested: Option<String>,
    /// Maximum number of items.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 500, default = 50)]
    limit: Option<String>,
    /// The `next_cursor` of the previous page.
    #[param(value_type = String, required = false, pattern = "^c[0-7]?[0-9a-f]{1,15}$")]
    cursor: Option<String>,
}

/// A page of invites.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitePage {
    /// Newest first. A page with a `next_cursor` can have fewer items than `limit`, or none.
    items: Vec<InviteView>,
    /// The `cursor` of the next page; `null` on the last page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List invites
#[utoipa::path(
    get, path = "/v1/invites", tag = "invites", operation_id = "list_invites",
    description = "Scope `invites:read`. Lists invites, newest first. Follow `next_cursor` until it is `null`: no \
        invite is repeated or skipped, even if others are created meanwhile. An invite must satisfy all given conditions. Without `invites:manage`, `token`, `url` \
        and `uri` are `null`.",
    params(ListInvitesQuery),
    responses((status = 200, description = "A page.", body = InvitePage)),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    Params(params): Params<ListInvitesQuery>,
) -> Result<Json<InvitePage>, Problem> {
    let mut fields = FieldReader::default();
    let states = InviteState::ALL.map(InviteState::as_str).join(", ");
    let kinds = Kind::ALL.map(Kind::as_str).join(", ");
    let filter = InviteFilter {
        state: fields.param("state", params.state.as_deref(), &states),
        kind: fields.param("kind", params.kind.as_deref(), &kinds),
        group: params.group,
        inviter: fields.username("inviter", params.inviter.as_deref()),
        username: fields.username("username", params.username.as_deref()),
        note: params.note,
        source: params.source,
        renewal_requested: fields.param(
            "renewal_requested",
            params.renewal_requested.as_deref(),
            "true or false",
        ),
    };
    let query = InviteQuery {
        filter,
        limit: fields.limit(params.limit.as_deref()),
        before: fields.cursor(params.cursor.as_deref()),
    };
    fields.finish()?;
    let page = state.invite_service.store().invites(&caller.0, query).await?;
    let items =
        page.items.into_iter().map(|invite| InviteView::stored(invite, &state.invite_service, &state.links));
    Ok(Json(InvitePage { items: items.collect(), next_cursor: page.next.map(write_cursor) }))
}

// The description repeats these numbers.
const _: () = assert!(DEFAULT_LIMIT == 50 && MAX_LIMIT == 500);
