//! Forms of the console.

use axum::{
    body::{Body, to_bytes},
    response::Response,
};
use http::HeaderMap;

use super::{page, session::Operator};
use crate::{AppState, html::Visitor, pages::is_same_site};

/// Maximum size of a form in bytes.
const MAX_BYTES: usize = 32 << 10;

/// The fields of a form that this session has sent.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form. It comes from a page of this service, and contains the token of its session.
    pub(super) async fn read(
        state: &AppState,
        operator: &Operator,
        visitor: &Visitor,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Self, Response> {
        let bytes = to_bytes(body, MAX_BYTES).await.unwrap_or_default();
        let form = Self(form_urlencoded::parse(&bytes).into_owned().collect());
        let is_own = operator.has_form_token(form.text("form_token"));
        if is_own && is_same_site(headers, state.links.base_of(&operator.session.host)) {
            Ok(form)
        } else {
            Err(page::old_form(state, visitor))
        }
    }

    /// A field without spaces around it; empty if it is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim())
    }
}
