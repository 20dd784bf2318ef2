//! `POST /v1/invites`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};

use super::{
    super::{
        body::OptionalBody, caller::Caller, idempotency::idempotency_key, invite_view::InviteView,
        params::NoParams, problem::Problem,
    },
    create_request::CreateInviteRequest,
};
use crate::AppState;

/// Create an invite
#[utoipa::path(
    post, path = "/v1/invites", tag = "invites", operation_id = "create_invite",
    description = "Scope `invites:create`. With an `Idempotency-Key` it is safe to repeat: a request with the same \
        key and body within 24 hours gets the same response and creates nothing.",
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255,
        pattern = "^[!-~]+$", description = "Chosen by the client, new for each operation.")),
    request_body(content = CreateInviteRequest, description = "Optional."),
    responses(
        (status = 201, description = "The invite is saved.", body = InviteView,
            headers(("Location" = String, description = "The path of the invite in the API.")),
            links(
                ("show" = (operation_id = "show_invite", parameters(("id" = "$response.body#/id")))),
                ("edit" = (operation_id = "edit_invite", parameters(("id" = "$response.body#/id")))),
                ("revoke" = (operation_id = "revoke_invite", parameters(("id" = "$response.body#/id")))),
                ("check" = (operation_id = "check_token",
                    request_body = json!({ "token": "$response.body#/token" }))),
                ("claim" = (operation_id = "claim",
                    request_body = json!({ "token": "$response.body#/token", "username": "ann" }))),
            )),
        (status = 403, description = "`forbidden`, `inviter-stopped`"),
        (status = 409, description = "`username-reserved`, `limit-reached`"),
        (status = 422, description = "`invalid`, `idempotency-mismatch`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    headers: HeaderMap,
    OptionalBody(body): OptionalBody,
) -> Result<Response, Problem> {
    let idempotency_key = idempotency_key(&headers, || body.fingerprint("invites\n"))?;
    let draft = body.read::<CreateInviteRequest>()?.draft()?;
    let minted = if idempotency_key.is_some() {
        let mut batch = state.invite_service.mint_batch(&caller.0, draft, 1, idempotency_key).await?;
        batch.pop().ok_or_else(|| Problem::internal("minted nothing"))?
    } else {
        state.invite_service.mint(&caller.0, draft).await?
    };
    let location = format!("{}/v1/invites/{}", state.links.path(), minted.invite.id);
    let view = InviteView::minted(minted, &state.links);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(view)).into_response())
}
