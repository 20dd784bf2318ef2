//! `GET /invite/{token}/username?name=`: checks a username while somebody types.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Uri, header};
use serde::Serialize;

use super::{form_error::FormErrors, proposals, username};
use crate::pages::{error_pages, invite_context::InviteContext};

#[derive(Serialize)]
struct UsernameCheck {
    /// The error as HTML; `None` without an error.
    fault: Option<String>,
    /// Free usernames to choose from.
    proposals: Vec<String>,
    /// The address that an account with this name has; `None` if the name is no username.
    address: Option<String>,
}

/// Whether the name is available, for the script of the form.
pub(in crate::pages) async fn handle(ctx: InviteContext, uri: Uri) -> Response {
    if !ctx.can_register() {
        return ctx.not_found();
    }
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let typed = query.find_map(|(name, value)| (name == "name").then_some(value)).unwrap_or_default();
    let username = username::check(&ctx.invite, &typed);
    let address = username.as_ref().ok().map(|username| username.at(&ctx.invite.host).to_string());
    let error = match username {
        Err(error) => Some(error),
        Ok(username) => match username::refusal_or_taken(&ctx, &username).await {
            Ok(error) => error,
            Err(error) => return error_pages::unavailable(&ctx.state, &ctx.visitor, &error),
        },
    };
    let errors = error.map_or_else(FormErrors::default, FormErrors::username);
    let errors = proposals::add(&ctx, &typed, errors).await;
    let (fault, proposals) = errors.into_username(&ctx.visitor.language);
    let mut response = Json(UsernameCheck { fault, proposals, address }).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
