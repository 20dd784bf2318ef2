//! From a template to an answer.

use std::fmt::Write;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use minijinja::{Environment, HtmlEscape, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

use super::asset::Style;

/// The address of a page holds the token, so nothing may be fetched from anywhere else, nobody may be told
/// where the reader came from, and nothing may be kept.
const SAFE: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
        ),
    ),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
];

/// The templates and what they all need.
#[derive(Debug)]
pub struct Pages {
    templates: Environment<'static>,
    base: String,
    pub(super) style: Style,
    pub(super) docs_style: Style,
}

#[derive(Serialize)]
struct Context<'a, T> {
    base: &'a str,
    style: &'a str,
    docs_style: &'a str,
    #[serde(flatten)]
    page: &'a T,
}

/// Sets what stands in backquotes as code, and escapes all of it.
#[expect(clippy::needless_pass_by_value, reason = "filters are called so")]
fn code(text: String) -> minijinja::Value {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let escaped = HtmlEscape(part);
        // Writing to a String cannot fail.
        let _ =
            if index % 2 == 1 { write!(html, "<code>{escaped}</code>") } else { write!(html, "{escaped}") };
    }
    minijinja::Value::from_safe_string(html)
}

impl Pages {
    /// Loads the templates. `base` is the path that our own links begin with.
    pub(crate) fn new(base: &str) -> Self {
        let mut templates = Environment::new();
        templates.add_filter("code", code);
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            templates.set_syntax(syntax);
        }
        for (name, source) in [
            ("page.html", include_str!("../../templates/page.html")),
            ("landing.html", include_str!("../../templates/landing.html")),
            ("missing.html", include_str!("../../templates/missing.html")),
            ("docs.html", include_str!("../../templates/docs.html")),
        ] {
            // Our own templates are rendered by the tests, so a broken one does not get here.
            if let Err(error) = templates.add_template(name, source) {
                tracing::error!(%error, name, "a template is broken");
            }
        }
        Self { templates, base: base.to_owned(), style: Style::pages(), docs_style: Style::docs() }
    }

    /// Renders a page, with the headers that every page needs.
    pub(crate) fn render(&self, status: StatusCode, name: &str, page: &impl Serialize) -> Response {
        let context =
            Context { base: &self.base, style: &self.style.name, docs_style: &self.docs_style.name, page };
        match self.templates.get_template(name).and_then(|template| template.render(Serde(context))) {
            Ok(text) => {
                let mut response = Response::new(Body::from(text));
                *response.status_mut() = status;
                response.headers_mut().extend(SAFE);
                response
            }
            Err(error) => {
                tracing::error!(%error, name, "a page could not be made");
                let text = "Something is wrong here, not with you. Please try again later.\n";
                (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
            }
        }
    }
}
