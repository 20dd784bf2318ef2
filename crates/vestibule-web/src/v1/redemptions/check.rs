//! `POST /v1/redemptions/check`.

use axum::{Json, extract::State};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestibule_core::{Principal, Refusal, StoreError, Token};

use super::super::{
    body::Body, caller::Caller, fields::FieldReader, invite_view::InviteView, params::NoParams,
    problem::Problem,
};
use crate::AppState;

/// A token to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCheck)]
pub(crate) struct CheckTokenRequest {
    /// The token. Web forms append `~` and an admission from the time when the form was opened; within an hour, the
    /// check then applies to that time.
    token: String,
    /// The username to register, if already known.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1023)]
    username: Option<String>,
}

/// A valid token.
#[derive(Serialize, ToSchema)]
#[schema(as = Check)]
pub(crate) struct CheckedToken {
    /// The invite, without its note.
    #[serde(flatten)]
    invite: InviteView,
    /// Proof that the token was valid at this time, to pass to the claim. Within an hour it permits the registration
    /// even if the invite has expired meanwhile (XEP-0445 section 4).
    admission: String,
}

/// Check a token
#[utoipa::path(
    post, path = "/v1/redemptions/check", tag = "redemptions", operation_id = "check_token",
    description = "Scope `redeem`. Checks whether a token can be redeemed now: the `preauth` of XEP-0445. Takes no \
        use; safe to repeat.",
    request_body(content = CheckTokenRequest),
    responses(
        (status = 200, description = "The token is valid.", body = CheckedToken),
        (status = 404, description = "`token-unknown`"),
        (status = 409, description = "`username-reserved`, `username-not-allowed`"),
        (status = 410, description = "`token-expired`, `token-used`, `token-revoked`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    headers: HeaderMap,
    caller: Result<Caller, Problem>,
    params: Result<NoParams, Problem>,
    body: Result<Body, Problem>,
) -> Result<Json<CheckedToken>, Problem> {
    let client = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Caller(by) = match caller {
        Ok(caller) => caller,
        Err(problem) => {
            if let Some(request) = body.ok().and_then(|body| body.read::<CheckTokenRequest>().ok()) {
                let refusal = StoreError::Refused(Refusal::Unauthorized);
                record_probe(&state, None, &request.token, &refusal, client).await?;
            }
            return Err(problem);
        }
    };
    params?;
    let request: CheckTokenRequest = body?.read()?;
    let mut fields = FieldReader::default();
    let username = fields.username("username", request.username.as_deref());
    fields.finish()?;
    let checked = match state.invite_service.check(&by, &request.token, username.as_ref()).await {
        Ok(checked) => checked,
        Err(error) => {
            record_probe(&state, Some(&by), &request.token, &error, client).await?;
            return Err(error.into());
        }
    };
    // The response contains only the token, without other pasted text.
    let token = Token::find_in(&request.token);
    let invite = InviteView::new(checked.invite, token.as_ref(), &state.links, state.invite_service.now());
    Ok(Json(CheckedToken { invite: InviteView { note: None, ..invite }, admission: checked.admission }))
}

/// Records a probe of `doctor`. It gets the same response as any unknown token.
async fn record_probe(
    state: &AppState,
    by: Option<&Principal>,
    token: &str,
    error: &StoreError,
    client: &str,
) -> Result<(), StoreError> {
    match error {
        StoreError::Refused(refusal) => state.invite_service.record_probe(by, token, refusal, client).await,
        _ => Ok(()),
    }
}
