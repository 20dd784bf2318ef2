//! Trace export to a collector (OTLP over HTTP).

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use http::HeaderMap;
use opentelemetry::{Context, propagation::TextMapPropagator, trace::TracerProvider as _};
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::{Span, Subscriber, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};
use ureq::Agent;
use vestibule_core::TRACE_TARGET;

use crate::cli_error::CliError;

/// Timeout of the collector, also at shutdown.
const PATIENCE: Duration = Duration::from_secs(3);

/// Exports traces on a separate thread. Spans are dropped if the queue is full, so that a slow collector does not
/// slow down requests.
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Starts exporting to `collector`, a validated URL.
    pub(crate) fn start(collector: &str) -> Result<Self, CliError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new())
            .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| CliError::message(format!("cannot export traces: {error}")))?;
        let resource = Resource::builder().with_service_name("vestibule").build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// A layer that exports the spans made for traces only, since log events may contain details that must not leave
    /// the host.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let exported = filter_fn(|about| about.is_span() && about.target() == TRACE_TARGET);
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("vestibule"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(exported.with_max_level_hint(LevelFilter::INFO))
    }

    /// Flushes the remaining spans.
    pub(crate) fn end(self) {
        if self.0.shutdown_with_timeout(PATIENCE).is_err() {
            tracing::warn!("the last traces could not be exported");
        }
    }
}

/// Makes a span a child of the one that the headers name (W3C Trace Context). Invalid headers are ignored.
pub(crate) fn continue_trace(span: &Span, headers: &HeaderMap) {
    let parent =
        TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
    // Fails if the span is not recorded.
    let _ = span.set_parent(parent);
}

/// The HTTP client for the collector.
#[derive(Debug)]
struct Collector {
    agent: Agent,
    /// Whether the last export failed, so that an outage is logged once.
    failing: AtomicBool,
}

impl Collector {
    fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("vestibule/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(PATIENCE))
            .build();
        Self { agent: Agent::new_with_config(config), failing: AtomicBool::new(false) }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (head, body) = request.into_parts();
        let (head, mut body) = self.agent.run(Request::from_parts(head, &body[..]))?.into_parts();
        Ok(Response::from_parts(head, body.read_to_vec()?.into()))
    }

    /// Logs the begin and the end of an outage.
    fn note(&self, trouble: Option<String>) {
        let failed = trouble.is_some();
        match (trouble, self.failing.swap(failed, Ordering::Relaxed)) {
            (Some(trouble), false) => {
                tracing::warn!(
                    trouble,
                    "the collector does not accept traces; logged once until it recovers"
                );
            }
            (None, true) => tracing::info!("the collector accepts traces again"),
            _ => {}
        }
    }
}

/// Blocking: called only on the export thread.
#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = self.send(request);
        self.note(match &sent {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("it answers {}", answer.status())),
            Err(error) => Some(error.to_string()),
        });
        Ok(sent?)
    }
}
