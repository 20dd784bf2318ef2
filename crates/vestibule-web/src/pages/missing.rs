//! Pages for invites that let nobody in, and for addresses where nothing is.

use std::time::Duration;

use axum::{extract::State, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use vestibule_core::{StoreError, TokenRefusal};

use crate::{
    App,
    marks::{GuessFailed, RefusalReason},
};

#[derive(Serialize)]
struct Missing {
    title: &'static str,
    what: &'static str,
    advice: &'static str,
}

/// The page for an address where nothing is.
pub(crate) async fn not_found(State(app): State<App>) -> Response {
    let page = Missing {
        title: "Nothing here",
        what: "There is no page at this address.",
        advice: "If you followed an invite link, check that it was copied whole.",
    };
    app.pages.render(StatusCode::NOT_FOUND, "missing.html", &page)
}

/// The page for a token that lets nobody in.
pub(super) fn dead_invite(app: &App, why: TokenRefusal) -> Response {
    let (title, what) = match why {
        TokenRefusal::Unknown => {
            ("Invite not found", "This invite is not known here. Perhaps the link was not copied whole.")
        }
        TokenRefusal::Expired => {
            ("Invite expired", "This invite was good for a limited time, which is over.")
        }
        TokenRefusal::Used => {
            ("Invite already used", "Somebody has joined with this invite, perhaps you did.")
        }
        TokenRefusal::Revoked => ("Invite withdrawn", "This invite was taken back."),
    };
    let advice = match why {
        TokenRefusal::Used => {
            "If it was you, open your app and log in. Otherwise ask whoever invited you for a new link."
        }
        _ => "Ask whoever invited you for a new link.",
    };
    let mut response =
        app.pages.render(StatusCode::NOT_FOUND, "missing.html", &Missing { title, what, advice });
    let marks = response.extensions_mut();
    marks.insert(RefusalReason::from(why));
    if why == TokenRefusal::Unknown {
        marks.insert(GuessFailed);
    }
    response
}

/// The page while nobody looks at tokens from this address.
pub(crate) fn too_many_guesses(app: &App, wait: Duration) -> Response {
    let page = Missing {
        title: "Please wait a moment",
        what: "Too many invites that are not known here were asked for from your address.",
        advice: "Load this page again in a minute. If you followed an invite link, check that it was copied whole.",
    };
    let mut response = app.pages.render(StatusCode::TOO_MANY_REQUESTS, "missing.html", &page);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    response
}

/// The page for the time when the database does not answer.
pub(super) fn unavailable(app: &App, error: &StoreError) -> Response {
    tracing::debug!(%error, "an invite could not be shown");
    let page = Missing {
        title: "Please try again",
        what: "Your invite cannot be looked up right now. It is not lost.",
        advice: "Load this page again in a minute.",
    };
    let mut response = app.pages.render(StatusCode::SERVICE_UNAVAILABLE, "missing.html", &page);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response.extensions_mut().insert(RefusalReason::from(error));
    response
}
