//! What the pages of the console have in common.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use minijinja::{Value, context};
use vestibule_core::{Kind, State, StoreError};

use super::session::Operator;
use crate::{
    AppState,
    html::{ErrorPage, Visitor},
    http::{RefusalReason, redirect},
};

/// A page of a session. `section` is the part of the navigation that it belongs to.
pub(super) fn render(
    state: &AppState,
    operator: &Operator,
    visitor: Visitor,
    name: &'static str,
    section: &'static str,
    page: Value,
) -> Response {
    let host = &operator.session.host;
    let site = state.site(host);
    let visitor = visitor.with_fallbacks(&state.renderer.languages, None, site.default_language);
    let frame = context! {
        site => state.site_name(host),
        host => host.as_str(),
        person => operator.session.name.as_str(),
        section,
        form_token => operator.form_token(),
    };
    state.renderer.render(StatusCode::OK, name, &visitor, site, context! { ..page, ..frame })
}

/// A redirect to a page of the console.
pub(super) fn redirect_to(state: &AppState, path: &str) -> Response {
    let mut response = redirect(StatusCode::SEE_OTHER, &format!("{}{path}", state.links.path()));
    response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    response.headers_mut().remove(header::ACCESS_CONTROL_EXPOSE_HEADERS);
    response
}

/// Sets a cookie with a response.
pub(super) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(mut value) = HeaderValue::try_from(cookie) {
        value.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The page for people without a session.
pub(super) fn logged_out(state: &AppState, visitor: &Visitor) -> Response {
    plain(state, visitor, StatusCode::FORBIDDEN, "console-out-heading", "console-out-what")
}

/// The page for a login link that does not work.
pub(super) fn link_over(state: &AppState, visitor: &Visitor) -> Response {
    plain(state, visitor, StatusCode::NOT_FOUND, "console-link-over-heading", "console-link-over-what")
}

/// The page for a form without the token of its session.
pub(super) fn old_form(state: &AppState, visitor: &Visitor) -> Response {
    plain(state, visitor, StatusCode::FORBIDDEN, "console-old-form-heading", "console-old-form-what")
}

/// The page for an unknown invite.
pub(super) fn not_found(state: &AppState, visitor: &Visitor) -> Response {
    state.error_page(visitor, &ErrorPage::NOT_FOUND)
}

/// The page for an error of the store. A session that was ended meanwhile is logged out.
pub(super) fn unavailable(state: &AppState, visitor: &Visitor, error: &StoreError) -> Response {
    if matches!(error, StoreError::Refused(_)) {
        return logged_out(state, visitor);
    }
    tracing::debug!(%error, "a page of the console could not be shown");
    let mut response = state.error_page(visitor, &ErrorPage::UNAVAILABLE);
    response.extensions_mut().insert(RefusalReason::from(error));
    response
}

fn plain(
    state: &AppState,
    visitor: &Visitor,
    status: StatusCode,
    heading: &'static str,
    what: &'static str,
) -> Response {
    let site = state.default_site();
    let visitor = visitor.clone().with_fallbacks(&state.renderer.languages, None, site.default_language);
    let values = context! { heading, what, site => site.name.as_deref() };
    state.renderer.render(status, "console_out.html", &visitor, site, values)
}

/// The message for a state of an invite.
pub(super) const fn state_message(state: State) -> &'static str {
    match state {
        State::Pending => "console-pending",
        State::Used => "console-used",
        State::Expired => "console-expired",
        State::Revoked => "console-revoked",
    }
}

/// The message for a kind of an invite.
pub(super) const fn kind_message(kind: Kind) -> &'static str {
    match kind {
        Kind::Account => "console-account",
        Kind::AccountAndContact => "console-account-and-contact",
        Kind::Contact => "console-contact",
        Kind::PasswordReset => "console-password-reset",
    }
}
