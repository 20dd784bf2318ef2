//! Error pages.

use std::time::Duration;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use minijinja::{Value, context};

use super::{page_renderer::PageRenderer, visitor::Visitor};
use crate::{http::allow_any_origin, site::Site};

/// An error page: its status and the keys of its messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorPage {
    pub(crate) status: StatusCode,
    pub(crate) heading: &'static str,
    pub(crate) what: &'static str,
    pub(crate) advice: &'static str,
    pub(crate) retry_after: Option<Duration>,
}

impl ErrorPage {
    /// There is no page at this address.
    pub(crate) const NOT_FOUND: Self = Self {
        status: StatusCode::NOT_FOUND,
        heading: "missing-heading",
        what: "missing-what",
        advice: "missing-advice",
        retry_after: None,
    };

    /// The store is unavailable.
    pub(crate) const UNAVAILABLE: Self = Self {
        status: StatusCode::SERVICE_UNAVAILABLE,
        heading: "trouble-heading",
        what: "trouble-what",
        advice: "trouble-advice",
        retry_after: Some(Duration::from_secs(5)),
    };

    /// A template fails.
    pub(super) const FAILED: Self =
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, retry_after: None, ..Self::UNAVAILABLE };

    /// The client has sent too many unknown tokens or keys.
    pub(crate) const fn too_many_requests(wait: Duration) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            heading: "wait-heading",
            what: "wait-what",
            advice: "wait-advice",
            retry_after: Some(wait),
        }
    }
}

impl ErrorPage {
    /// The values of its template.
    pub(super) fn values(&self, site: &Site) -> Value {
        context! {
            heading => self.heading,
            what => self.what,
            advice => self.advice,
            site => site.name.as_deref(),
            front => self.status == StatusCode::NOT_FOUND,
        }
    }
}

impl PageRenderer {
    /// Renders an error page.
    pub(crate) fn error_page(&self, visitor: &Visitor, site: &Site, page: &ErrorPage) -> Response {
        let visitor = visitor.clone().with_fallbacks(&self.languages, None, site.default_language);
        let mut response = self.render(page.status, "missing.html", &visitor, site, page.values(site));
        let headers = response.headers_mut();
        allow_any_origin(headers);
        if let Some(wait) = page.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
        }
        response
    }
}
