//! Sending traces to a collector (OTLP over HTTP).

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};
use ureq::Agent;
use vestibule_web::REQUEST_SPANS;

use crate::cli_error::CliError;

/// How long the collector may take, also when the service ends.
const PATIENCE: Duration = Duration::from_secs(3);

/// Traces on their way to a collector. A thread of its own sends them; what comes faster than that is
/// dropped, so that a slow collector slows nobody.
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Starts sending to `collector`, a URL that was checked before.
    pub(crate) fn start(collector: &str) -> Result<Self, CliError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new())
            .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| CliError::message(format!("traces cannot be sent: {error}")))?;
        let resource = Resource::builder().with_service_name("vestibule").build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// Takes the spans of requests, and nothing else: what is logged may name more than a trace should.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let requests = filter_fn(|about| about.is_span() && about.target() == REQUEST_SPANS);
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("vestibule"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(requests.with_max_level_hint(LevelFilter::INFO))
    }

    /// Sends what is left.
    pub(crate) fn end(self) {
        if self.0.shutdown_with_timeout(PATIENCE).is_err() {
            tracing::warn!("the last traces could not be sent");
        }
    }
}

/// The collector, as far as we can tell.
#[derive(Debug)]
struct Collector {
    agent: Agent,
    /// It did not take the last traces; that is in the log, and the next time need not be.
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

    /// Says once that traces are lost, and once that they are not any more.
    fn note(&self, trouble: Option<String>) {
        let failed = trouble.is_some();
        match (trouble, self.failing.swap(failed, Ordering::Relaxed)) {
            (Some(trouble), false) => {
                tracing::warn!(trouble, "the collector takes no traces; this is said once, until it does");
            }
            (None, true) => tracing::info!("the collector takes traces again"),
            _ => {}
        }
    }
}

/// Blocks: only the thread that sends calls it.
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
