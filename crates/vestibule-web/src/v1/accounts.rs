//! `POST /v1/accounts/{username}`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use vestibule_core::{AccountChange, Scope, Username};

use super::{
    body::Body, caller::Caller, enum_schemas, fields::FieldReader, params::NoParams,
    path_segment::PathSegment, problem::Problem,
};
use crate::AppState;

/// A change of an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountChange)]
pub(crate) struct AccountChangeRequest {
    /// `password-changed`: without an invite. `disabled`: temporarily blocked. `deleted`: removed. `absent`: there is
    /// no such account, and there may never have been one.
    #[schema(schema_with = enum_schemas::account_change)]
    change: String,
}

/// The effect of an account change.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountChanged)]
pub(crate) struct AccountChangedView {
    /// The username in its prepared form.
    username: String,
    /// Number of revoked invites.
    revoked: u64,
}

/// Report a change of an account
#[utoipa::path(
    post, path = "/v1/accounts/{username}", tag = "redemptions", operation_id = "report_account_change",
    description = "Scope `redeem`. Revokes the invites that depend on an account of the XMPP server: its pending \
        password resets and, if it was disabled or deleted, the pending invites that it created. `absent` revokes \
        the same if an account of this name once joined by an invite; otherwise, of the invites in its name, those \
        that this key created. Safe to repeat.",
    params(("username" = String, Path, description = "The part before the `@`.")),
    request_body(content = AccountChangeRequest),
    responses((status = 200, description = "The invites are revoked.", body = AccountChangedView)),
)]
async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
    body: Body,
) -> Result<Json<AccountChangedView>, Problem> {
    let username = Username::parse(&text).map_err(|error| Problem::field("username", error.to_string()));
    let username = caller.resolve(&state, Scope::Redeem, username).await?;
    let request: AccountChangeRequest = body.read()?;
    let mut fields = FieldReader::default();
    let change = fields.value_or_error("change", request.change.parse::<AccountChange>());
    fields.finish()?;
    let Some(change) = change else { return Err(Problem::internal("a field was lost")) };
    let revoked = state.invite_service.store().account_changed(&caller.0, &username, change).await?;
    Ok(Json(AccountChangedView { username: username.to_string(), revoked }))
}

/// `/v1/accounts/{username}`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(handle))
}
