//! The token in the path of an address.

use axum::{
    RequestPartsExt,
    extract::{FromRequestParts, RawPathParams},
    response::Response,
};
use http::{HeaderValue, Method, header, request::Parts};
use vestibule_core::Token;

use super::{canonical, error_pages, state::PagesState};
use crate::html::Visitor;

/// The token in the path of an address.
///
/// A request without one is redirected to the canonical address of the page, or gets an error page. Only well-formed
/// tokens count as guesses.
pub(super) struct TokenInPath(pub(super) Token);

impl FromRequestParts<PagesState> for TokenInPath {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &PagesState) -> Result<Self, Response> {
        // A path segment that is not UTF-8 is not a token.
        let params = parts.extract::<RawPathParams>().await.ok();
        let text = params.as_ref().and_then(|params| params.iter().find(|(name, _)| *name == "token"));
        if let Some(token) = text.and_then(|(_, text)| Token::parse(text).ok()) {
            return Ok(Self(token));
        }
        let redirect = canonical::redirect(state, &parts.method, &parts.uri);
        let mut response = redirect.unwrap_or_else(|| {
            let visitor = Visitor::of(&state.renderer.languages, &parts.uri, &parts.headers);
            error_pages::no_token(state, &visitor)
        });
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            // The body is not read, so no other request can follow on this connection.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Err(response)
    }
}
