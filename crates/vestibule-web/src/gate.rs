//! What stands before all routes, and sees every request and its answer once.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready as ready_or_return},
    time::{Duration, Instant},
};

use axum::{extract::Request, response::Response};
use http::{Method, header};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tracing::{Span, field::Empty};

use crate::{
    App, Guard, Metrics, Networks,
    api::{self, Problem},
    client::ClientAddress,
    legacy,
    marks::{GuessFailed, RefusalReason},
    metrics::{Route, method_name},
    pages,
};

/// What stands before all routes.
#[derive(Debug, Default)]
pub struct Gate {
    /// Who may tell us whom they speak for.
    pub trusted_proxies: Networks,
    /// Slows down whoever guesses.
    pub guard: Guard,
    /// Counts what passes, and what does not.
    pub metrics: Arc<Metrics>,
    /// Who may see the numbers.
    pub metrics_from: Networks,
    /// Somebody collects a span for each request.
    pub traced: bool,
}

/// The target of the spans of requests. They are for traces; the log does not need them.
pub const REQUEST_SPANS: &str = "vestibule_web::request";

/// Sends each request through the gate.
#[derive(Clone)]
pub(crate) struct Through(App);

impl Through {
    pub(crate) fn to(app: &App) -> Self {
        Self(app.clone())
    }
}

impl<S> Layer<S> for Through {
    type Service = Behind<S>;

    fn layer(&self, inner: S) -> Behind<S> {
        Behind { inner, app: self.0.clone() }
    }
}

/// A route behind the gate.
#[derive(Clone)]
pub(crate) struct Behind<S> {
    inner: S,
    app: App,
}

impl<S> Service<Request> for Behind<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Passage<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Passage<S::Future> {
        let app = &self.app;
        let guards = app.gate.guard.is_on() && presents_secret(&request);
        let guesser = guards.then(|| app.gate.client(&request).ip);
        let visit = Visit::begin(app, &request, guesser);
        match guesser.map_or(Ok(()), |ip| app.gate.guard.admit(ip, || app.desk.now())) {
            Ok(()) => Passage::Admitted { inner: self.inner.call(request), visit },
            Err(wait) => Passage::Refused { answer: ready(too_many_guesses(app, &request, wait)), visit },
        }
    }
}

pin_project! {
    /// A request on its way.
    #[project = PassageNow]
    pub(crate) enum Passage<F> {
        Admitted { #[pin] inner: F, visit: Visit },
        Refused { #[pin] answer: Ready<Response>, visit: Visit },
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for Passage<F> {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (answer, visit) = match self.project() {
            PassageNow::Admitted { inner, visit } => (ready_or_return!(inner.poll(context))?, visit),
            PassageNow::Refused { answer, visit } => (ready_or_return!(answer.poll(context)), visit),
        };
        visit.end(&answer);
        Poll::Ready(Ok(answer))
    }
}

/// What is remembered about a request until its answer is there.
pub(crate) struct Visit {
    app: App,
    /// Whose token or key it presents, if it does and that matters.
    guesser: Option<IpAddr>,
    route: Route,
    method: &'static str,
    begun: Instant,
    span: Span,
}

impl Visit {
    fn begin(app: &App, request: &Request, guesser: Option<IpAddr>) -> Self {
        app.gate.metrics.begin();
        let (route, method) = (Route::of(request, app.links.path()), method_name(request.method()));
        let span = if app.gate.traced { span(route.as_str(), method) } else { Span::none() };
        Self { app: app.clone(), guesser, route, method, begun: Instant::now(), span }
    }

    fn end(&self, answer: &Response) {
        let (marks, metrics, status) = (answer.extensions(), &self.app.gate.metrics, answer.status());
        metrics.answered(self.route.clone(), self.method, status.as_u16(), self.begun.elapsed());
        self.span.record("http.response.status_code", status.as_u16());
        if status.is_server_error() {
            self.span.record("otel.status_code", "ERROR");
        }
        if let Some(RefusalReason(reason)) = marks.get() {
            metrics.refused(reason);
        }
        if let (Some(ip), Some(GuessFailed)) = (self.guesser, marks.get()) {
            self.app.gate.guard.failed(ip, self.app.desk.now());
        }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.app.gate.metrics.end();
    }
}

impl Gate {
    /// Whose request it is.
    pub(crate) fn client<B>(&self, request: &http::Request<B>) -> ClientAddress {
        ClientAddress::of(request.extensions(), request.headers(), &self.trusted_proxies)
    }
}

/// A span for a trace. It names the route, never the address, which may hold a token or a key.
fn span(route: &str, method: &str) -> Span {
    tracing::info_span!(
        target: REQUEST_SPANS,
        parent: None,
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
    )
}

/// Whether the request shows a token or a key, right or wrong. Rather too often than not often enough: an
/// escape in a query may spell `key`.
fn presents_secret(request: &Request) -> bool {
    let uri = request.uri();
    request.method() != Method::OPTIONS
        && (uri.path().starts_with("/invite/")
            || request.headers().contains_key(header::AUTHORIZATION)
            || uri.query().is_some_and(|query| query.contains("key=") || query.contains('%')))
}

/// Says no in the words of whoever was asked.
fn too_many_guesses(app: &App, request: &Request, wait: Duration) -> Response {
    let path = request.uri().path();
    app.gate.metrics.not_admitted();
    if path.starts_with("/v1/") {
        api::refuse(app, Problem::guessing(wait))
    } else if path == "/invites_api" {
        legacy::too_many_guesses(request.headers(), wait)
    } else {
        pages::too_many_guesses(app, request, wait)
    }
}
