//! Labels of metrics. No label has values that a client can choose freely.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use axum::extract::MatchedPath;
use http::Method;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelSetEncoder, LabelValueEncoder};
use vestibule_core::{Action, Host};

/// The matched route pattern of a request: with `{token}`, never with a token.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// `None` if no route matched.
    path: Option<MatchedPath>,
    /// The length of the base path, if the request has it.
    skip: usize,
}

impl Route {
    /// The route of a request, without the base path of links.
    pub(crate) fn of<B>(request: &http::Request<B>, base: &str) -> Self {
        let path = request.extensions().get::<MatchedPath>().cloned();
        let below = path.as_ref().is_some_and(|path| path.as_str().starts_with(base));
        Self { path, skip: if below { base.len() } else { 0 } }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.path.as_ref().and_then(|path| path.as_str().get(self.skip..)).unwrap_or("other")
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Route {}

impl Hash for Route {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        self.as_str().encode(encoder)
    }
}

/// The label set of a route.
impl EncodeLabelSet for Route {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        [("route", self.as_str())].encode(encoder)
    }
}

/// The name of a standard method; `other` for any other.
pub(crate) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "other",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RequestLabels {
    pub(super) route: Route,
    pub(super) method: &'static str,
    pub(super) status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RefusalLabels {
    pub(super) reason: &'static str,
}

/// An event of a host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct EventLabels {
    pub(super) host: Host,
    pub(super) action: Action,
}

impl EncodeLabelSet for EventLabels {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        [("host", self.host.as_str()), ("action", self.action.as_str())].encode(encoder)
    }
}

/// The label set of a host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct HostLabels(pub(super) Host);

impl EncodeLabelSet for HostLabels {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        [("host", self.0.as_str())].encode(encoder)
    }
}
