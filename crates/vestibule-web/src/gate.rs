//! What stands before all routes, and sees every request and its answer once.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready as ready_or_return},
    time::{Duration, Instant},
};

use axum::{extract::Request, response::Response};
use http::{Method, header};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tracing::{Span, field::Empty};

use crate::{
    App, ClientAddressSource, Guard, Metrics, Networks,
    api::{self, Problem},
    client::{Client, ClientGroup},
    legacy,
    marks::{GuessFailed, RefusalReason},
    metrics::{Route, method_name},
    pages,
    recent_keys::{ShownKey, names_key},
};

/// What stands before all routes.
#[derive(Debug, Default)]
pub struct Gate {
    /// Who may tell us whom they speak for.
    pub trusted_proxies: Networks,
    /// In which header they do.
    pub client_address: ClientAddressSource,
    /// Slows down whoever guesses.
    pub guard: Guard,
    /// Counts what passes, and what does not.
    pub metrics: Arc<Metrics>,
    /// Who may see the numbers.
    pub metrics_from: Networks,
    /// Somebody collects a span for each request.
    pub traced: bool,
    /// The log says that a proxy does not name its clients.
    pub has_warned: AtomicBool,
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
        let shown = guards.then(|| Shown::by(app, &request));
        let mut visit = Visit::begin(app, &request, shown);
        let Some(wait) =
            shown.and_then(|shown| app.gate.guard.admit(shown.client, || app.invite_service.now()).err())
        else {
            return Passage::Admitted { inner: self.inner.call(request), visit };
        };
        let refusal = too_many_guesses(app, &request, wait);
        if visit.is_exception() {
            visit.refusal = Some(Box::new(refusal));
            return Passage::Admitted { inner: self.inner.call(request), visit };
        }
        app.gate.metrics.not_admitted();
        Passage::Refused { answer: ready(refusal), visit }
    }
}

/// A token or a key that a request shows.
#[derive(Clone, Copy, Debug)]
struct Shown {
    client: ClientGroup,
    /// Where it may be a key.
    key: Option<ShownKey>,
}

impl Shown {
    fn by(app: &App, request: &Request) -> Self {
        let client = app.gate.client(request);
        app.gate.note_unnamed(client, request.uri().path(), app.links.base().starts_with("https://"));
        let key = app.gate.guard.recent_keys.shown(request.headers(), request.uri());
        Self { client: client.group(), key }
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
        Poll::Ready(Ok(visit.end(answer)))
    }
}

/// What is remembered about a request until its answer is there.
pub(crate) struct Visit {
    app: App,
    /// Its number among the requests under way.
    number: u64,
    /// The token or key that it presents, if it does and that matters.
    shown: Option<Shown>,
    /// What to answer if a key that was looked at as an exception is wrong.
    refusal: Option<Box<Response>>,
    /// It can be answered only to those who show a good key.
    needs_key: bool,
    route: Route,
    method: &'static str,
    begun: Instant,
    span: Span,
}

impl Visit {
    fn begin(app: &App, request: &Request, shown: Option<Shown>) -> Self {
        let number = app.gate.metrics.begin();
        let (route, method) = (Route::of(request, app.links.path()), method_name(request.method()));
        let span = if app.gate.traced { span(route.as_str(), method) } else { Span::none() };
        let needs_key =
            shown.is_some() && (route.as_str().starts_with("/v1/") || route.as_str() == "/invites_api");
        Self {
            app: app.clone(),
            number,
            shown,
            refusal: None,
            needs_key,
            route,
            method,
            begun: Instant::now(),
            span,
        }
    }

    /// Whether its key is looked at although its client has to wait.
    fn is_exception(&self) -> bool {
        let (guard, now) = (&self.app.gate.guard, self.app.invite_service.now());
        self.needs_key
            && self.shown.is_some_and(|shown| {
                shown.key.is_some_and(|key| guard.makes_exception(shown.client, key, self.begun, now))
            })
    }

    /// Notes how the request was answered, and hands on what is to be answered.
    fn end(&mut self, answer: Response) -> Response {
        let (guard, metrics) = (&self.app.gate.guard, &self.app.gate.metrics);
        let has_failed = answer.extensions().get::<GuessFailed>().is_some();
        if let Some(shown) = self.shown {
            if has_failed {
                guard.failed(shown.client, self.app.invite_service.now());
            }
            if let Some(key) = shown.key.filter(|_| self.needs_key) {
                if has_failed && self.refusal.is_some() {
                    guard.recent_keys.remove(key);
                } else if answer.status().is_success() || answer.status().is_redirection() {
                    guard.recent_keys.add(key, self.begun);
                }
            }
        }
        let answer = match self.refusal.take().filter(|_| has_failed) {
            Some(refusal) => {
                metrics.not_admitted();
                *refusal
            }
            None => answer,
        };
        let (marks, status) = (answer.extensions(), answer.status());
        metrics.answered(self.route.clone(), self.method, status.as_u16(), self.begun.elapsed());
        self.span.record("http.response.status_code", status.as_u16());
        if status.is_server_error() {
            self.span.record("otel.status_code", "ERROR");
        }
        if let Some(RefusalReason(reason)) = marks.get() {
            metrics.refused(reason);
        }
        answer
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.app.gate.metrics.end(self.number);
    }
}

impl Gate {
    /// Whose request it is.
    pub(crate) fn client<B>(&self, request: &http::Request<B>) -> Client {
        Client::of(request.extensions(), request.headers(), self.client_address, &self.trusted_proxies)
    }

    /// Warns, once, of a proxy that does not name its clients in the header that is expected. Where links are
    /// public, pages are asked for by a proxy alone; bridges ask for none.
    fn note_unnamed(&self, client: Client, path: &str, is_public: bool) {
        let proxy = match client {
            Client::Unreadable(proxy) => proxy,
            Client::Unnamed(proxy) if is_public && path.starts_with("/invite/") => proxy,
            _ => return,
        };
        if self.client_address != ClientAddressSource::None && !self.has_warned.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                %proxy,
                header = %self.client_address,
                "a trusted proxy does not name its client in the header that client_address expects, so all of \
                 its clients share one limit of wrong tokens and keys"
            );
        }
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

/// Whether the request shows a token or a key, right or wrong.
fn presents_secret(request: &Request) -> bool {
    let uri = request.uri();
    request.method() != Method::OPTIONS
        && (uri.path().starts_with("/invite/")
            || request.headers().contains_key(header::AUTHORIZATION)
            || uri.query().is_some_and(names_key))
}

/// Says no in the words of whoever was asked.
fn too_many_guesses(app: &App, request: &Request, wait: Duration) -> Response {
    let path = request.uri().path();
    if path.starts_with("/v1/") {
        api::refuse(app, Problem::guessing(wait))
    } else if path == "/invites_api" {
        legacy::too_many_guesses(request.headers(), wait)
    } else {
        pages::too_many_guesses(app, request, wait)
    }
}
