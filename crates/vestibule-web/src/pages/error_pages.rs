//! Pages for invites that let nobody in, and for addresses where nothing is.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use minijinja::context;
use vestibule_core::{StoreError, TokenRefusal};

use super::{canonical, visitor::Visitor};
use crate::{
    AppState, Site,
    extensions::{AuthFailed, RefusalReason},
};

/// The messages of such a page.
struct ErrorPage {
    heading: &'static str,
    what: &'static str,
    advice: &'static str,
}

/// The page for an address where nothing is.
pub(crate) async fn not_found(State(state): State<AppState>, visitor: Visitor) -> Response {
    not_found_page(&state, &visitor)
}

/// Answers all addresses that no route has: one that means a page of ours is redirected to it.
pub(crate) async fn fallback(
    State(state): State<AppState>,
    visitor: Visitor,
    method: Method,
    uri: Uri,
) -> Response {
    let redirect =
        canonical::redirect(&state, &method, &uri).or_else(|| canonical::without_slash(&state, &uri));
    redirect.unwrap_or_else(|| not_found_page(&state, &visitor))
}

/// The same, for a reader.
pub(super) fn not_found_page(state: &AppState, visitor: &Visitor) -> Response {
    let page = ErrorPage { heading: "missing-heading", what: "missing-what", advice: "missing-advice" };
    show(state, visitor, state.any_site(), StatusCode::NOT_FOUND, &page)
}

/// An invite that lets nobody in.
#[derive(Clone, Copy, Debug)]
pub(super) struct InviteGone {
    pub(super) why: TokenRefusal,
    /// It was for a new password.
    pub(super) resets: bool,
}

impl InviteGone {
    /// No invite has this token.
    pub(super) fn unknown() -> Self {
        Self { why: TokenRefusal::Unknown, resets: false }
    }

    /// The page that says so; of the site that the invite belongs to, where that is known.
    pub(super) fn page(self, state: &AppState, visitor: &Visitor, site: &Site) -> Response {
        let wait = match self.why {
            TokenRefusal::Busy { retry_after } | TokenRefusal::TooManyAttempts { retry_after } => {
                Some(retry_after)
            }
            _ => None,
        };
        let status = wait.map_or(StatusCode::NOT_FOUND, |_| StatusCode::SERVICE_UNAVAILABLE);
        let mut response = show(state, visitor, site, status, &self.messages());
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        let extensions = response.extensions_mut();
        extensions.insert(RefusalReason::from(self.why));
        if self.why == TokenRefusal::Unknown {
            extensions.insert(AuthFailed);
        }
        response
    }

    fn messages(self) -> ErrorPage {
        let (heading, what, advice) = match (self.why, self.resets) {
            (TokenRefusal::Unknown, _) => ("unknown-heading", "unknown-what", "new-link-advice"),
            (TokenRefusal::Expired, false) => ("expired-heading", "expired-what", "new-link-advice"),
            (TokenRefusal::Used, false) => ("used-heading", "used-what", "used-advice"),
            (TokenRefusal::Revoked, false) => ("revoked-heading", "revoked-what", "new-link-advice"),
            (TokenRefusal::Expired, true) => {
                ("reset-expired-heading", "reset-expired-what", "reset-new-link-advice")
            }
            (TokenRefusal::Used, true) => ("reset-used-heading", "reset-used-what", "reset-used-advice"),
            (TokenRefusal::Revoked, true) => {
                ("reset-revoked-heading", "reset-revoked-what", "reset-new-link-advice")
            }
            (TokenRefusal::Busy { .. } | TokenRefusal::TooManyAttempts { .. }, _) => {
                ("wait-heading", "busy-heading", "busy")
            }
        };
        ErrorPage { heading, what, advice }
    }
}

/// The page for an address without a token where one belongs. Such a text cannot be a guess.
pub(super) fn no_token(state: &AppState, visitor: &Visitor) -> Response {
    let unknown = InviteGone::unknown();
    let mut response = show(state, visitor, state.any_site(), StatusCode::NOT_FOUND, &unknown.messages());
    response.extensions_mut().insert(RefusalReason::from(unknown.why));
    response
}

/// The page while nobody looks at tokens from this address.
pub(crate) fn too_many_requests(state: &AppState, request: &Request, wait: Duration) -> Response {
    let page = ErrorPage { heading: "wait-heading", what: "wait-what", advice: "wait-advice" };
    let visitor = Visitor::of(state, request.uri(), request.headers());
    let mut response = show(state, &visitor, state.any_site(), StatusCode::TOO_MANY_REQUESTS, &page);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    response
}

/// The page for the time when the database does not answer.
pub(super) fn unavailable(state: &AppState, visitor: &Visitor, error: &StoreError) -> Response {
    tracing::debug!(%error, "an invite could not be shown");
    let page = ErrorPage { heading: "trouble-heading", what: "trouble-what", advice: "trouble-advice" };
    let mut response = show(state, visitor, state.any_site(), StatusCode::SERVICE_UNAVAILABLE, &page);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response.extensions_mut().insert(RefusalReason::from(error));
    response
}

fn show(state: &AppState, visitor: &Visitor, site: &Site, status: StatusCode, page: &ErrorPage) -> Response {
    let page = context! { heading => page.heading, what => page.what, advice => page.advice, site => site.name.as_deref() };
    let mut response = state.pages.render(status, "missing.html", visitor, site, page);
    share_with_web_clients(response.headers_mut());
    response
}

/// Lets the scripts of other origins read an answer and its `Link`: web clients open invites too, and tell a dead
/// link from a service that does not answer.
pub(super) fn share_with_web_clients(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Link"));
}
