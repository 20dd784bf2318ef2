//! The session of a request.

use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderValue, Method, header, request::Parts};
use vestibule_core::{Principal, Session, SessionSecret};

use super::{cookie, page};
use crate::{AppState, html::Visitor};

/// A person who is logged in. A request without a live session gets the page that says how to log in.
pub(super) struct Operator {
    pub(super) session: Session,
    secret: SessionSecret,
}

impl Operator {
    /// The principal for the store, which checks the session again in each call.
    pub(super) fn principal(&self) -> Principal {
        Principal::Session(self.session.hash)
    }

    /// The token that each form of this session contains.
    pub(super) fn form_token(&self) -> String {
        self.secret.form_token()
    }

    /// Whether this is that token.
    pub(super) fn has_form_token(&self, text: &str) -> bool {
        self.secret.has_form_token(text)
    }
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let visitor = Visitor::of(&state.renderer.languages, &parts.uri, &parts.headers);
        for secret in cookie::secrets(&parts.headers, state.links.is_https()) {
            match state.invite_service.store().use_session(secret.hash()).await {
                Ok(Some(session)) => return Ok(Self { session, secret }),
                Ok(None) => {}
                Err(error) => return Err(page::unavailable(state, &visitor, &error)),
            }
        }
        let mut response = page::logged_out(state, &visitor);
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            // The body is not read, so no other request can follow on this connection.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Err(response)
    }
}
