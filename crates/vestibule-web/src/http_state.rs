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
    AppState, BruteForceLimiter, ClientAddressSource, Metrics, Networks,
    api::{self, Problem},
    client::{Client, ClientGroup},
    extensions::{AuthFailed, RefusalReason},
    legacy,
    metrics::{Route, method_name},
    pages,
    recent_keys::{KeyHash, names_key},
};

/// What stands before all routes.
#[derive(Debug, Default)]
pub struct HttpState {
    /// Who may tell us whom they speak for.
    pub trusted_proxies: Networks,
    /// In which header they do.
    pub client_address: ClientAddressSource,
    /// Slows down whoever guesses.
    pub limiter: BruteForceLimiter,
    /// Counts what passes, and what does not.
    pub metrics: Arc<Metrics>,
    /// Who may see the numbers.
    pub metrics_from: Networks,
    /// Somebody collects a span for each request.
    pub traced: bool,
    /// The log says that a proxy does not name its clients.
    pub has_warned_of_proxy: AtomicBool,
}

/// The target of the spans of requests. They are for traces; the log does not need them.
pub const REQUEST_SPANS: &str = "vestibule_web::request";

/// Sends each request through the gate.
#[derive(Clone)]
pub(crate) struct RequestLayer(AppState);

impl RequestLayer {
    pub(crate) fn to(state: &AppState) -> Self {
        Self(state.clone())
    }
}

impl<S> Layer<S> for RequestLayer {
    type Service = RequestService<S>;

    fn layer(&self, inner: S) -> RequestService<S> {
        RequestService { inner, state: self.0.clone() }
    }
}

/// A route behind the gate.
#[derive(Clone)]
pub(crate) struct RequestService<S> {
    inner: S,
    state: AppState,
}

impl<S> Service<Request> for RequestService<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> ResponseFuture<S::Future> {
        let state = &self.state;
        let is_limited = state.http_state.limiter.is_on() && presents_secret(&request);
        let secret = is_limited.then(|| PresentedSecret::by(state, &request));
        let mut in_flight = InFlightRequest::begin(state, &request, secret);
        let Some(wait) = secret.and_then(|secret| {
            state.http_state.limiter.admit(secret.client, || state.invite_service.now()).err()
        }) else {
            return ResponseFuture::Admitted { inner: self.inner.call(request), in_flight };
        };
        let refusal = too_many_requests(state, &request, wait);
        if in_flight.is_exception() {
            in_flight.refusal = Some(Box::new(refusal));
            return ResponseFuture::Admitted { inner: self.inner.call(request), in_flight };
        }
        state.http_state.metrics.not_admitted();
        ResponseFuture::Refused { answer: ready(refusal), in_flight }
    }
}

/// A token or a key that a request shows.
#[derive(Clone, Copy, Debug)]
struct PresentedSecret {
    client: ClientGroup,
    /// Where it may be a key.
    key: Option<KeyHash>,
}

impl PresentedSecret {
    fn by(state: &AppState, request: &Request) -> Self {
        let client = state.http_state.client(request);
        state.http_state.note_unnamed(
            client,
            request.uri().path(),
            state.links.base().starts_with("https://"),
        );
        let key = state.http_state.limiter.recent_keys.secret(request.headers(), request.uri());
        Self { client: client.group(), key }
    }
}

pin_project! {
    /// A request on its way.
    #[project = ResponseFutureProjection]
    pub(crate) enum ResponseFuture<F> {
        Admitted { #[pin] inner: F, in_flight: InFlightRequest },
        Refused { #[pin] answer: Ready<Response>, in_flight: InFlightRequest },
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for ResponseFuture<F> {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (answer, in_flight) = match self.project() {
            ResponseFutureProjection::Admitted { inner, in_flight } => {
                (ready_or_return!(inner.poll(context))?, in_flight)
            }
            ResponseFutureProjection::Refused { answer, in_flight } => {
                (ready_or_return!(answer.poll(context)), in_flight)
            }
        };
        Poll::Ready(Ok(in_flight.end(answer)))
    }
}

/// What is remembered about a request until its answer is there.
pub(crate) struct InFlightRequest {
    state: AppState,
    /// Its number among the requests under way.
    number: u64,
    /// The token or key that it presents, if it does and that matters.
    secret: Option<PresentedSecret>,
    /// What to answer if a key that was looked at as an exception is wrong.
    refusal: Option<Box<Response>>,
    /// It can be answered only to those who show a good key.
    needs_key: bool,
    route: Route,
    method: &'static str,
    begun: Instant,
    span: Span,
}

impl InFlightRequest {
    fn begin(state: &AppState, request: &Request, secret: Option<PresentedSecret>) -> Self {
        let number = state.http_state.metrics.begin();
        let (route, method) = (Route::of(request, state.links.path()), method_name(request.method()));
        let span = if state.http_state.traced { span(route.as_str(), method) } else { Span::none() };
        let needs_key =
            secret.is_some() && (route.as_str().starts_with("/v1/") || route.as_str() == "/invites_api");
        Self {
            state: state.clone(),
            number,
            secret,
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
        let (limiter, now) = (&self.state.http_state.limiter, self.state.invite_service.now());
        self.needs_key
            && self.secret.is_some_and(|secret| {
                secret.key.is_some_and(|key| limiter.allows_exception(secret.client, key, self.begun, now))
            })
    }

    /// Notes how the request was answered, and hands on what is to be answered.
    fn end(&mut self, answer: Response) -> Response {
        let (limiter, metrics) = (&self.state.http_state.limiter, &self.state.http_state.metrics);
        let has_failed = answer.extensions().get::<AuthFailed>().is_some();
        if let Some(secret) = self.secret {
            if has_failed {
                limiter.failed(secret.client, self.state.invite_service.now());
            }
            if let Some(key) = secret.key.filter(|_| self.needs_key) {
                if has_failed && self.refusal.is_some() {
                    limiter.recent_keys.remove(key);
                } else if answer.status().is_success() || answer.status().is_redirection() {
                    limiter.recent_keys.add(key, self.begun);
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
        let (extensions, status) = (answer.extensions(), answer.status());
        metrics.answered(self.route.clone(), self.method, status.as_u16(), self.begun.elapsed());
        self.span.record("http.response.status_code", status.as_u16());
        if status.is_server_error() {
            self.span.record("otel.status_code", "ERROR");
        }
        if let Some(RefusalReason(reason)) = extensions.get() {
            metrics.refused(reason);
        }
        answer
    }
}

impl Drop for InFlightRequest {
    fn drop(&mut self) {
        self.state.http_state.metrics.end(self.number);
    }
}

impl HttpState {
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
        if self.client_address != ClientAddressSource::None
            && !self.has_warned_of_proxy.swap(true, Ordering::Relaxed)
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
fn too_many_requests(state: &AppState, request: &Request, wait: Duration) -> Response {
    let path = request.uri().path();
    if path.starts_with("/v1/") {
        api::refuse(state, Problem::guessing(wait))
    } else if path == "/invites_api" {
        legacy::too_many_requests(request.headers(), wait)
    } else {
        pages::too_many_requests(state, request, wait)
    }
}
