//! `/admin/sessions`: the browsers that are logged in.

use axum::{body::Body, extract::State, response::Response};
use http::HeaderMap;
use minijinja::context;
use vestibule_core::SessionId;

use super::{form::Form, page, session::Operator};
use crate::{AppState, html::Visitor};

/// Lists the sessions of the host.
pub(super) async fn show(State(state): State<AppState>, operator: Operator, visitor: Visitor) -> Response {
    let sessions = match state.invite_service.store().sessions(&operator.principal()).await {
        Ok(sessions) => sessions,
        Err(error) => return page::unavailable(&state, &visitor, &error),
    };
    let now = state.invite_service.now();
    let rows: Vec<_> = sessions
        .iter()
        .map(|session| {
            context! {
                id => session.hash.id().to_string(),
                name => session.name.as_str(),
                since => visitor.language.date(session.created_at, now),
                used => visitor.language.date(session.last_used_at, now),
                own => session.hash == operator.session.hash,
            }
        })
        .collect();
    page::render(&state, &operator, visitor, "console_sessions.html", "sessions", context! { rows })
}

/// Ends a session.
pub(super) async fn end(
    State(state): State<AppState>,
    operator: Operator,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let form = match Form::read(&state, &operator, &visitor, &headers, body).await {
        Ok(form) => form,
        Err(page) => return page,
    };
    let Some(id) = SessionId::parse(form.text("session")) else { return page::not_found(&state, &visitor) };
    match state.invite_service.store().end_session(&operator.principal(), id).await {
        Ok(_) => page::redirect_to(&state, &format!("/admin/sessions{}", visitor.keep())),
        Err(error) => page::unavailable(&state, &visitor, &error),
    }
}
