//! The span of a request, for traces.

use http::{HeaderMap, Request, StatusCode};
use tracing::{Span, field::Empty};
use vestibule_core::TRACE_TARGET;

use super::{client_address::Peer, networks::Networks};

/// How requests are traced.
#[derive(Clone, Debug)]
pub struct RequestTraces {
    /// Peers whose requests continue the trace of their headers. Every other request starts a trace, so that the public
    /// can neither choose what is sampled nor add to the traces of others.
    pub context_from: Networks,
    /// Makes a span a child of the span that headers name (W3C Trace Context).
    pub continue_trace: fn(&Span, &HeaderMap),
}

impl RequestTraces {
    /// Begins the span of a request. It names the route, never the address, which may contain a token or a key.
    pub(super) fn begin<B>(&self, request: &Request<B>, route: &str, method: &'static str) -> Span {
        let span = tracing::info_span!(
            target: TRACE_TARGET,
            parent: None,
            "request",
            otel.name = %format_args!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = method,
            http.route = route,
            http.response.status_code = Empty,
            "error.type" = Empty,
        );
        let peer = request.extensions().get::<Peer>();
        if peer.is_some_and(|Peer(peer)| self.context_from.contain(peer.to_canonical())) {
            (self.continue_trace)(&span, request.headers());
        }
        span
    }
}

/// Records how a request was answered.
pub(super) fn record_status(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", status.as_str());
    }
}
