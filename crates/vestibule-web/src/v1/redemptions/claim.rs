//! `POST /v1/redemptions`.

use axum::{Json, extract::State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestibule_core::{
    ClaimId, FAILED_CLAIMS_WINDOW, MAX_FAILED_CLAIMS, Refusal, StoreError, Token, TokenRefusal,
};

use super::super::{body::Body, caller::Caller, fields::FieldReader, params::NoParams, problem::Problem};
use crate::AppState;

/// A registration that is about to start.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewClaim)]
pub(crate) struct ClaimRequest {
    /// The token.
    token: String,
    /// The username to register, or whose password to set. Omitted for contact invites.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1023)]
    username: Option<String>,
    /// The `admission` of the check, if any. An admission has at most one live claim: a repeated request with the same
    /// username returns that claim; with another username it fails with `token-busy` until the claim is released or
    /// replaced.
    #[serde(default)]
    admission: Option<String>,
    /// An earlier claim on the same invite without an account, for example after a mistyped name. It is released
    /// atomically.
    #[serde(default)]
    replaces: Option<String>,
}

/// A lease on one use of an invite.
#[derive(Serialize, ToSchema)]
#[schema(as = Claim)]
pub(crate) struct Claimed {
    /// The id of the claim, to complete or release it.
    claim: String,
    /// The `id` of the invite.
    invite: String,
    /// End of the lease: in one minute. A claim that is not completed by then is released.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Warns once a minute of an invite that refuses everybody, because too many claims have failed. The holder of one
/// grant waits for longer and stops nobody else.
fn warn_if_exhausted(state: &AppState, token: &str, error: &StoreError) {
    let StoreError::Refused(Refusal::Token(TokenRefusal::TooManyAttempts { retry_after })) = error else {
        return;
    };
    if *retry_after > FAILED_CLAIMS_WINDOW || !state.http.exhausted_invites.is_due() {
        return;
    }
    if let Some(token) = Token::find_in(token) {
        tracing::warn!(
            invite = %token.lookup_key().id,
            "{MAX_FAILED_CLAIMS} registrations with an invite failed within a minute, so it refuses more until the \
             minute is over; if this goes on, revoke it and see the log of the XMPP server"
        );
    }
}

/// Claim one use
#[utoipa::path(
    post, path = "/v1/redemptions", tag = "redemptions", operation_id = "claim",
    description = "Scope `redeem`. Takes one use of an invite for one username, for a minute, and checks all \
        conditions atomically. Complete the claim when the account exists; release it if the registration failed. \
        Safe to repeat with an `admission`; without one, a repeated request takes another use. One admission allows \
        at most 20 claims.",
    request_body(content = ClaimRequest),
    responses(
        (status = 201, description = "The use is claimed.", body = Claimed,
            links(
                ("complete" = (operation_id = "complete",
                    parameters(("claim" = "$response.body#/claim")),
                    request_body = json!({ "jid": "ann@example.com", "via": "ibr" }))),
                ("release" = (operation_id = "release", parameters(("claim" = "$response.body#/claim")))),
            )),
        (status = 404, description = "`token-unknown`"),
        (status = 409, description = "`username-reserved`, `username-not-allowed`; `token-busy`: live claims hold all \
            remaining uses; try again after `Retry-After` seconds"),
        (status = 410, description = "`token-expired`, `token-used`, `token-revoked`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    body: Body,
) -> Result<(StatusCode, Json<Claimed>), Problem> {
    let request: ClaimRequest = body.read()?;
    let mut fields = FieldReader::default();
    let username = fields.username("username", request.username.as_deref());
    let replaces =
        request.replaces.as_deref().map(|text| fields.value_or_error("replaces", text.parse::<ClaimId>()));
    fields.finish()?;
    let admission = request.admission.as_deref();
    let claim = state
        .invite_service
        .claim_replacing(&caller.0, &request.token, username, admission, replaces.flatten())
        .await
        .inspect_err(|error| warn_if_exhausted(&state, &request.token, error))?;
    let claimed = Claimed {
        claim: claim.id.to_string(),
        invite: claim.invite.to_string(),
        expires_at: claim.expires_at.to_string(),
    };
    Ok((StatusCode::CREATED, Json(claimed)))
}
