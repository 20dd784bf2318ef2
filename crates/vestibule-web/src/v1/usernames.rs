//! `GET /v1/usernames/{username}`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use vestibule_core::{Scope, Username};

use super::{caller::Caller, params::NoParams, path_segment::PathSegment, problem::Problem};
use crate::AppState;

/// Whether a username is held for an invite.
#[derive(Serialize, ToSchema)]
#[schema(as = Username)]
pub(crate) struct UsernameView {
    /// The username in its prepared form.
    username: String,
    /// Whether it may be registered with one invite alone.
    reserved: bool,
    /// The `id` of that invite.
    #[schema(required)]
    invite: Option<String>,
}

/// Look up a username
#[utoipa::path(
    get, path = "/v1/usernames/{username}", tag = "redemptions", operation_id = "show_username",
    description = "Scope `redeem`. Whether a username is reserved: nobody else may register it, invited or \
        not.",
    params(("username" = String, Path, description = "The part before the @.")),
    responses((status = 200, description = "Whether it is reserved.", body = UsernameView)),
)]
async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
) -> Result<Json<UsernameView>, Problem> {
    let username = Username::parse(&text).map_err(|error| Problem::field("username", error.to_string()));
    let username = caller.named(&state, Scope::Redeem, username).await?;
    let holder = state.invite_service.store().reservation(&caller.0, &username).await?;
    Ok(Json(UsernameView {
        username: username.to_string(),
        reserved: holder.is_some(),
        invite: holder.map(|id| id.to_string()),
    }))
}

/// `/v1/usernames/{username}`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(handle))
}
