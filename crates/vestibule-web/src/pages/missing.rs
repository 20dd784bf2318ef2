//! Pages for invites that let nobody in, and for addresses where nothing is.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{HeaderValue, StatusCode, header};
use minijinja::context;
use vestibule_core::{StoreError, TokenRefusal};

use super::reader::Reader;
use crate::{
    App, Site,
    marks::{GuessFailed, RefusalReason},
};

/// The messages of such a page.
struct Missing {
    heading: &'static str,
    what: &'static str,
    advice: &'static str,
}

/// The page for an address where nothing is.
pub(crate) async fn not_found(State(app): State<App>, reader: Reader) -> Response {
    nothing_here(&app, &reader)
}

/// The same, for a reader.
pub(super) fn nothing_here(app: &App, reader: &Reader) -> Response {
    let page = Missing { heading: "missing-heading", what: "missing-what", advice: "missing-advice" };
    show(app, reader, app.any_site(), StatusCode::NOT_FOUND, &page)
}

/// The page for a token that lets nobody in; of the site that it belongs to, where that is known.
pub(super) fn dead_invite(app: &App, reader: &Reader, site: &Site, why: TokenRefusal) -> Response {
    let (heading, what) = match why {
        TokenRefusal::Unknown => ("unknown-heading", "unknown-what"),
        TokenRefusal::Expired => ("expired-heading", "expired-what"),
        TokenRefusal::Used => ("used-heading", "used-what"),
        TokenRefusal::Revoked => ("revoked-heading", "revoked-what"),
        TokenRefusal::Busy { .. } | TokenRefusal::TooManyAttempts { .. } => ("wait-heading", "wait-what"),
    };
    let advice = if why == TokenRefusal::Used { "used-advice" } else { "new-link-advice" };
    let mut response = show(app, reader, site, StatusCode::NOT_FOUND, &Missing { heading, what, advice });
    let marks = response.extensions_mut();
    marks.insert(RefusalReason::from(why));
    if why == TokenRefusal::Unknown {
        marks.insert(GuessFailed);
    }
    response
}

/// The page while nobody looks at tokens from this address.
pub(crate) fn too_many_guesses(app: &App, request: &Request, wait: Duration) -> Response {
    let page = Missing { heading: "wait-heading", what: "wait-what", advice: "wait-advice" };
    let reader = Reader::of(app, request.uri(), request.headers());
    let mut response = show(app, &reader, app.any_site(), StatusCode::TOO_MANY_REQUESTS, &page);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    response
}

/// The page for the time when the database does not answer.
pub(super) fn unavailable(app: &App, reader: &Reader, error: &StoreError) -> Response {
    tracing::debug!(%error, "an invite could not be shown");
    let page = Missing { heading: "trouble-heading", what: "trouble-what", advice: "trouble-advice" };
    let mut response = show(app, reader, app.any_site(), StatusCode::SERVICE_UNAVAILABLE, &page);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response.extensions_mut().insert(RefusalReason::from(error));
    response
}

fn show(app: &App, reader: &Reader, site: &Site, status: StatusCode, page: &Missing) -> Response {
    let page = context! { heading => page.heading, what => page.what, advice => page.advice, site => site.name.as_deref() };
    app.pages.render(status, "missing.html", reader, site, page)
}
