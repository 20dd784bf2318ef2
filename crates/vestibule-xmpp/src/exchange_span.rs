//! Spans of the conversation with a server, for traces. They contain no stanzas, and no names of accounts.

use std::{future::Future, net::SocketAddr};

use tracing::{Instrument, Span, field::Empty};
use vestibule_core::{Host, RegistrarError, TRACE_TARGET};

use crate::stream_error::StreamError;

/// A span of everything that one registration takes.
pub(crate) fn registration(host: &Host) -> Span {
    tracing::info_span!(
        target: TRACE_TARGET,
        "XMPP registration",
        otel.kind = "client",
        otel.status_code = Empty,
        network.protocol.name = "xmpp",
        server.address = host.as_str(),
        "error.type" = Empty,
    )
}

/// A span of opening a TCP connection.
pub(crate) fn connect(address: SocketAddr) -> Span {
    tracing::info_span!(
        target: TRACE_TARGET,
        "XMPP connect",
        otel.kind = "client",
        otel.status_code = Empty,
        network.transport = "tcp",
        network.peer.address = %address.ip(),
        network.peer.port = address.port(),
        "error.type" = Empty,
    )
}

/// A span of one step on a connection, such as `XMPP preauth`.
pub(crate) fn step(name: &'static str) -> Span {
    tracing::info_span!(
        target: TRACE_TARGET,
        "XMPP step",
        otel.name = name,
        otel.kind = "client",
        otel.status_code = Empty,
        network.protocol.name = "xmpp",
        "error.type" = Empty,
    )
}

/// Runs `work` in `span` and records its failure.
pub(crate) async fn within<T>(
    span: Span,
    work: impl Future<Output = Result<T, StreamError>>,
) -> Result<T, StreamError> {
    let outcome = work.instrument(span.clone()).await;
    if let Err(error) = &outcome {
        record(&span, error.kind());
    }
    outcome
}

/// Records the failure of a registration. A refusal by the server is an answer, not a failure.
pub(crate) fn record_registration(span: &Span, outcome: &Result<(), RegistrarError>) {
    match outcome {
        Err(RegistrarError::Unavailable(_)) => record(span, "unavailable"),
        Err(RegistrarError::Unknown(_)) => record(span, "outcome-unknown"),
        _ => {}
    }
}

fn record(span: &Span, error_type: &'static str) {
    span.record("otel.status_code", "ERROR");
    span.record("error.type", error_type);
}
