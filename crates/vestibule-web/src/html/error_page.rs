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
    /// The values of its template, without those of a form.
    pub(super) fn values(&self, site: &Site) -> Value {
        self.values_after_form(site, &[])
    }

    /// The values of its template. `fields` are the names and values of a form to send again.
    fn values_after_form(&self, site: &Site, fields: &[(&str, &str)]) -> Value {
        context! {
            heading => self.heading,
            what => self.what,
            advice => self.advice,
            site => site.name.as_deref(),
            front => self.status == StatusCode::NOT_FOUND,
            fields => fields.iter().map(|(name, value)| vec![Value::from(*name), Value::from(*value)]).collect::<Vec<_>>(),
        }
    }
}

impl PageRenderer {
    /// Renders an error page.
    pub(crate) fn error_page(&self, visitor: &Visitor, site: &Site, page: &ErrorPage) -> Response {
        self.error_page_after_form(visitor, site, page, &[])
    }

    /// Renders an error page with a button that sends these fields again, so that nothing typed is lost.
    pub(crate) fn error_page_after_form(
        &self,
        visitor: &Visitor,
        site: &Site,
        page: &ErrorPage,
        fields: &[(&str, &str)],
    ) -> Response {
        let visitor = visitor.clone().with_fallbacks(&self.languages, None, site.default_language);
        let mut response =
            self.render(page.status, "missing.html", &visitor, site, page.values_after_form(site, fields));
        let headers = response.headers_mut();
        allow_any_origin(headers);
        if let Some(wait) = page.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
        }
        response
    }
}
