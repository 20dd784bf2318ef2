//! Error pages.

use std::time::Duration;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use minijinja::context;

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

impl PageRenderer {
    /// Renders an error page.
    pub(crate) fn error_page(&self, visitor: &Visitor, site: &Site, page: &ErrorPage) -> Response {
        let values = context! {
            heading => page.heading,
            what => page.what,
            advice => page.advice,
            site => site.name.as_deref(),
        };
        let mut response = self.render(page.status, "missing.html", visitor, site, values);
        let headers = response.headers_mut();
        allow_any_origin(headers);
        if let Some(wait) = page.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
        }
        response
    }
}
