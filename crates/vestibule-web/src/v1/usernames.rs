//! `GET /v1/usernames/{username}`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use vestibule_core::{Scope, Username};

use super::{caller::Caller, params::NoParams, path_segment::PathSegment, problem::Problem};
use crate::AppState;

/// The reservation of a username.
#[derive(Serialize, ToSchema)]
#[schema(as = Username)]
pub(crate) struct UsernameView {
    /// The username in its prepared form.
    username: String,
    /// Whether only one invite can register the username.
    reserved: bool,
    /// The `id` of that invite.
    #[schema(required)]
    invite: Option<String>,
}

/// Look up a username
#[utoipa::path(
    get, path = "/v1/usernames/{username}", tag = "redemptions", operation_id = "show_username",
    description = "Scope `redeem`. Shows whether an invite reserves a username, so that nobody else can register it.",
    params(("username" = String, Path, description = "The part before the `@`.")),
    responses((status = 200, description = "The reservation.", body = UsernameView)),
)]
async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
) -> Result<Json<UsernameView>, Problem> {
    let username = Username::parse(&text).map_err(|error| Problem::field("username", error.to_string()));
    let username = caller.resolve(&state, Scope::Redeem, username).await?;
    let reservation = state.invite_service.store().reservation(&caller.0, &username).await?;
    Ok(Json(UsernameView {
        username: username.to_string(),
        reserved: reservation.is_some(),
        invite: reservation.map(|id| id.to_string()),
    }))
}

/// `/v1/usernames/{username}`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(handle))
}
