//! Whether a username will do; and `GET /invite/{token}/username?name=`, which says so while somebody types.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Uri, header};
use serde::Serialize;
use vestibule_core::{
    CheckRequest, Invite, Principal, Refusal, Source, StoreError, Username, UsernameRefusal,
};

use super::errors::FormError;
use crate::{
    AppState,
    pages::{
        error_pages::{not_found_page, unavailable},
        invite_context::{InviteContext, TokenInPath},
        visitor::Visitor,
    },
};

/// Checks what was typed, a name or a whole address at the host of the invite.
pub(super) fn check(invite: &Invite, typed: &str) -> Result<Username, FormError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(FormError::new("name-empty"));
    }
    let username = Username::parse_at(typed, &invite.host).map_err(|_| FormError::new("name-invalid"))?;
    match &invite.username {
        Some(bound) if *bound != username => {
            Err(FormError::new("name-not-yours").with_username(bound.as_str()))
        }
        _ => Ok(username),
    }
}

/// What the rules say against a name for this invite, whether there is an account or not: it is kept for the holder
/// of another one, or the host allows nobody to have it.
pub(super) async fn refusal(
    ctx: &InviteContext<'_>,
    username: &Username,
) -> Result<Option<FormError>, StoreError> {
    let InviteContext { state, invite, token, .. } = ctx;
    let by = Principal::Operator { host: invite.host.clone(), source: Source::service() };
    let check = CheckRequest { token: token.lookup(), username: Some(username.clone()), admitted_at: None };
    match state.invite_service.store().check(&by, check).await {
        Err(StoreError::Refused(Refusal::Username(UsernameRefusal::Forbidden(_)))) => {
            Ok(Some(FormError::new("name-refused")))
        }
        Err(StoreError::Refused(Refusal::Username(_))) => Ok(Some(FormError::new("name-taken"))),
        // The state of the invite is the matter of others.
        Ok(_) | Err(StoreError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same, and whether an account of that name came by one of our invites. Accounts that came otherwise only the
/// XMPP server knows, and it does not tell before somebody registers.
async fn refusal_or_known(
    ctx: &InviteContext<'_>,
    username: &Username,
) -> Result<Option<FormError>, StoreError> {
    if let Some(error) = refusal(ctx, username).await? {
        return Ok(Some(error));
    }
    let known = ctx.state.invite_service.store().account_known(&ctx.invite.host, username).await?;
    Ok(known.then(|| FormError::new("name-taken")))
}

#[derive(Serialize)]
struct UsernameVerdict {
    /// What is wrong, as HTML; nothing where nothing is, as far as Vestibule knows.
    fault: Option<String>,
}

/// Whether the name will do, for the script of the form.
pub(in crate::pages) async fn handle(
    State(state): State<AppState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
    uri: Uri,
) -> Response {
    let ctx = match InviteContext::find(&state, token, visitor).await {
        Ok(ctx) if ctx.may_register() => ctx,
        Ok(ctx) => return not_found_page(&state, &ctx.visitor),
        Err(answer) => return answer,
    };
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let typed = query.find_map(|(name, value)| (name == "name").then_some(value)).unwrap_or_default();
    let error = match check(&ctx.invite, &typed) {
        Err(error) => Some(error),
        Ok(username) => match refusal_or_known(&ctx, &username).await {
            Ok(error) => error,
            Err(error) => return unavailable(&state, &ctx.visitor, &error),
        },
    };
    let error = error.map(|error| error.html(&ctx.visitor.language));
    let mut response = Json(UsernameVerdict { fault: error }).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
