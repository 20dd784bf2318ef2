//! `/admin/login/{secret}` and `/admin/logout`.
//!
//! `GET` shows a button, so that a link preview does not use the link up.

use axum::{
    body::{Body, to_bytes},
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use minijinja::context;
use vestibule_core::SessionSecret;

use super::{cookie, form::Form, page, session::Operator};
use crate::{AppState, html::Visitor, http::AuthFailed, pages::is_same_site};

/// The maximum size of the body, in bytes. The form has no fields.
const MAX_BYTES: usize = 1 << 10;

/// Shows the button.
pub(super) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Response {
    let Some(secret) = SessionSecret::parse(&text) else { return page::link_over(&state, &visitor) };
    let site = state.default_site();
    let visitor = visitor.with_fallbacks(&state.renderer.languages, None, site.default_language);
    let values = context! { site => site.name.as_deref(), secret => secret.expose() };
    state.renderer.render(StatusCode::OK, "console_login.html", &visitor, site, values)
}

/// Starts a session.
pub(super) async fn log_in(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(text): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let is_read = to_bytes(body, MAX_BYTES).await.is_ok();
    // Nobody logs another browser in with a link of their own.
    if !is_read || !is_same_site(&headers, state.links.base()) {
        return page::old_form(&state, &visitor);
    }
    let Some(secret) = SessionSecret::parse(&text) else { return page::link_over(&state, &visitor) };
    match state.invite_service.log_in(&secret).await {
        Ok(Some((secret, session))) => {
            tracing::info!(host = %session.host, session = %session.hash.id(), "a session of the console was started");
            let cookie = cookie::set(&secret, state.links.is_https());
            page::with_cookie(page::redirect_to(&state, &format!("/admin/{}", visitor.keep())), &cookie)
        }
        Ok(None) => {
            let mut response = page::link_over(&state, &visitor);
            response.extensions_mut().insert(AuthFailed);
            response
        }
        Err(error) => page::unavailable(&state, &visitor, &error),
    }
}

/// Ends the session.
pub(super) async fn log_out(
    State(state): State<AppState>,
    operator: Operator,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if let Err(page) = Form::read(&state, &operator, &visitor, &headers, body).await {
        return page;
    }
    let id = operator.session.hash.id();
    match state.invite_service.store().end_session(&operator.principal(), id).await {
        Ok(_) => {
            let cookie = cookie::remove(state.links.is_https());
            page::with_cookie(page::logged_out(&state, &visitor), &cookie)
        }
        Err(error) => page::unavailable(&state, &visitor, &error),
    }
}
