//! The layer around every router: limiter, metrics and spans.

use std::{
    convert::Infallible,
    fmt,
    future::{Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready as ready_or_return},
    time::{Duration, Instant},
};

use axum::{extract::Request, response::Response};
use http::{Method, StatusCode, header};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tracing::Span;
use vestibule_core::InviteService;

use super::{
    client_address::ClientGroup,
    limiter::{KeyHash, may_name_key},
    metrics::{Route, StartTimeKey, method_label},
    request_span::record_status,
    response_extensions::{AuthFailed, RefusalReason},
    state::HttpState,
};

/// Context that the layers of all surfaces share.
pub(crate) struct LayerContext {
    pub(crate) http: Arc<HttpState>,
    pub(crate) invite_service: InviteService,
    /// The path of the public URL, with which all links begin.
    pub(crate) base_path: String,
    /// Whether links are `https:`, so that pages are requested through a proxy only.
    pub(crate) is_public: bool,
}

/// Makes the 429 response to a request, given the time to wait.
pub(crate) type TooManyRequests = Box<dyn Fn(&Request, Duration) -> Response + Send + Sync>;

/// Properties of the surface that a layer wraps.
pub(crate) struct Surface {
    /// The prefix of the paths that contain a token.
    pub(crate) token_path: Option<&'static str>,
    /// Whether every request needs a valid key.
    pub(crate) requires_key: bool,
    /// The 429 response to a client that has sent too many unknown tokens or keys.
    pub(crate) too_many_requests: TooManyRequests,
}

/// Wraps a surface's routes in a [`RequestService`].
#[derive(Clone)]
pub(crate) struct RequestLayer {
    context: Arc<LayerContext>,
    surface: Arc<Surface>,
}

impl RequestLayer {
    pub(crate) fn new(context: &Arc<LayerContext>, surface: Surface) -> Self {
        Self { context: Arc::clone(context), surface: Arc::new(surface) }
    }
}

impl<S> Layer<S> for RequestLayer {
    type Service = RequestService<S>;

    fn layer(&self, inner: S) -> RequestService<S> {
        RequestService { inner, layer: self.clone() }
    }
}

/// Limits, counts and traces the requests of one route.
#[derive(Clone)]
pub(crate) struct RequestService<S> {
    inner: S,
    layer: RequestLayer,
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
        let LayerContext { http, invite_service, .. } = &*self.layer.context;
        let secret = self.layer.presented_secret(&request);
        let mut in_flight =
            InFlightRequest::begin(&self.layer.context, &self.layer.surface, &request, secret);
        let limited =
            secret.and_then(|secret| http.limiter.admit(secret.client, || invite_service.now()).err());
        let Some(wait) = limited else {
            return ResponseFuture::Admitted { inner: self.inner.call(request), in_flight };
        };
        let refusal = (self.layer.surface.too_many_requests)(&request, wait);
        if in_flight.is_exception() {
            in_flight.refusal = Some(Box::new(refusal));
            return ResponseFuture::Admitted { inner: self.inner.call(request), in_flight };
        }
        http.metrics.record_rate_limited();
        ResponseFuture::Refused { response: ready(refusal), in_flight }
    }
}

impl RequestLayer {
    /// The token or key of a request; `None` also if the limiter is off.
    fn presented_secret(&self, request: &Request) -> Option<PresentedSecret> {
        let LayerContext { http, is_public, .. } = &*self.context;
        let (uri, headers) = (request.uri(), request.headers());
        let has_token = self.surface.token_path.is_some_and(|prefix| uri.path().starts_with(prefix));
        let is_presented = request.method() != Method::OPTIONS
            && (has_token
                || headers.contains_key(header::AUTHORIZATION)
                || uri.query().is_some_and(may_name_key));
        if !is_presented || !http.limiter.is_on() {
            return None;
        }
        let client = http.client(request);
        http.warn_of_unnamed_client(client, *is_public && has_token);
        let key = http.limiter.recent_keys.hash_of(headers, uri);
        Some(PresentedSecret { client: client.group(), key })
    }
}

/// A token or key in a request, valid or not.
#[derive(Clone, Copy, Debug)]
struct PresentedSecret {
    client: ClientGroup,
    /// Set if it can be a key.
    key: Option<KeyHash>,
}

pin_project! {
    /// The response to a request, admitted or refused by the limiter.
    #[project = ResponseFutureProjection]
    pub(crate) enum ResponseFuture<F> {
        Admitted { #[pin] inner: F, in_flight: InFlightRequest },
        Refused { #[pin] response: Ready<Response>, in_flight: InFlightRequest },
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for ResponseFuture<F> {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (response, in_flight) = match self.project() {
            ResponseFutureProjection::Admitted { inner, in_flight } => {
                let polled = in_flight.span.in_scope(|| inner.poll(context));
                (ready_or_return!(polled)?, in_flight)
            }
            ResponseFutureProjection::Refused { response, in_flight } => {
                (ready_or_return!(response.poll(context)), in_flight)
            }
        };
        Poll::Ready(Ok(in_flight.end(response)))
    }
}

/// A request that has no response yet.
pub(crate) struct InFlightRequest {
    context: Arc<LayerContext>,
    start_time: StartTimeKey,
    /// Set if the limiter is on.
    secret: Option<PresentedSecret>,
    /// The response if a key that was tried as an exception turns out to be unknown.
    refusal: Option<Box<Response>>,
    requires_key: bool,
    route: Route,
    method: &'static str,
    started_at: Instant,
    span: Span,
}

impl InFlightRequest {
    fn begin(
        context: &Arc<LayerContext>,
        surface: &Surface,
        request: &Request,
        secret: Option<PresentedSecret>,
    ) -> Self {
        let http = &context.http;
        let started_at = Instant::now();
        let start_time = http.metrics.begin(started_at);
        let (route, method) = (Route::of(request, &context.base_path), method_label(request.method()));
        let traces = http.traces.as_ref();
        let span = traces.map_or_else(Span::none, |traces| traces.begin(request, route.as_str(), method));
        Self {
            context: Arc::clone(context),
            start_time,
            secret,
            refusal: None,
            requires_key: surface.requires_key,
            route,
            method,
            started_at,
            span,
        }
    }

    /// Whether the key is tried although the client has to wait.
    fn is_exception(&self) -> bool {
        let LayerContext { http, invite_service, .. } = &*self.context;
        let Some(PresentedSecret { client, key: Some(key) }) = self.secret else { return false };
        self.requires_key && http.limiter.allows_exception(client, key, self.started_at, invite_service.now())
    }

    /// Records how the request was answered, and returns the response to send.
    fn end(&mut self, response: Response) -> Response {
        let HttpState { limiter, metrics, .. } = &*self.context.http;
        let has_failed = response.extensions().get::<AuthFailed>().is_some();
        if let Some(secret) = self.secret {
            if has_failed {
                limiter.failed(secret.client, self.context.invite_service.now());
            }
            if let Some(key) = secret.key.filter(|_| self.requires_key) {
                if has_failed && self.refusal.is_some() {
                    limiter.recent_keys.remove(key);
                } else if proves_key(response.status()) {
                    limiter.recent_keys.add(key, self.started_at);
                }
            }
        }
        let response = match self.refusal.take().filter(|_| has_failed) {
            Some(refusal) => {
                metrics.record_rate_limited();
                *refusal
            }
            None => response,
        };
        let (extensions, status) = (response.extensions(), response.status());
        metrics.record_response(self.route.clone(), self.method, status.as_u16(), self.started_at.elapsed());
        record_status(&self.span, status);
        if let Some(RefusalReason(reason)) = extensions.get() {
            metrics.record_refusal(reason);
        }
        response
    }
}

/// Whether a response proves that the key is valid. A redirect of an address with a trailing slash (308) comes before
/// any key is checked.
fn proves_key(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::SEE_OTHER
}

impl Drop for InFlightRequest {
    fn drop(&mut self) {
        self.context.http.metrics.end(&self.start_time);
    }
}

impl fmt::Debug for RequestLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestLayer").finish_non_exhaustive()
    }
}
