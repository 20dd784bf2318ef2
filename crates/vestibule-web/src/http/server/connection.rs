//! Serving one connection.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, body::Body, response::Response};
use http::{HeaderValue, Request, StatusCode, header};
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{rt::TokioIo, server::graceful::Watcher};
use pin_project_lite::pin_project;
use tokio::{net::TcpStream, sync::watch};
use tower::ServiceExt;

use super::super::{client_address::Peer, metrics::Metrics, validation::validate_request};
use super::{
    activity::{Activity, Intervention},
    body::{RequestBody, ResponseBody},
    io::CountingStream,
};

/// Serves the requests of a connection.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) http: http1::Builder,
    pub(super) app: watch::Receiver<Router>,
    pub(super) body_bytes: usize,
    pub(super) metrics: Arc<Metrics>,
}

impl Server {
    /// Serves a connection until it ends, or the supervisor closes it.
    pub(super) async fn serve(
        self,
        stream: TcpStream,
        peer: Peer,
        activity: Arc<Activity>,
        watcher: Watcher,
    ) {
        let io = TokioIo::new(CountingStream::new(stream, Arc::clone(&activity)));
        let (app, body_bytes, metrics) = (self.app, self.body_bytes, Arc::clone(&self.metrics));
        let requests = Arc::clone(&activity);
        let service = service_fn(move |mut request: Request<Incoming>| {
            requests.begin_request(request.body().is_end_stream());
            request.extensions_mut().insert(peer);
            respond(app.borrow().clone(), request, body_bytes, Arc::clone(&requests), Arc::clone(&metrics))
        });
        let connection = watcher.watch(self.http.serve_connection(io, service));
        match (Supervised { connection, activity }).await {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                if error.is_parse() {
                    self.metrics.record_rejection("malformed");
                }
                tracing::debug!(%error, "a connection ended");
            }
            None => tracing::debug!("a connection was closed"),
        }
    }
}

/// Rejects an invalid request, or passes a valid one to the application with limits on its body and time.
async fn respond(
    app: Router,
    request: Request<Incoming>,
    body_bytes: usize,
    activity: Arc<Activity>,
    metrics: Arc<Metrics>,
) -> Result<Response<ResponseBody>, Infallible> {
    let response = match validate_request(&request, body_bytes) {
        Some((reason, refusal)) => {
            metrics.record_rejection(reason);
            refusal
        }
        None => forward(app, request, body_bytes, &activity).await?,
    };
    activity.begin_response();
    Ok(response.map(|body| ResponseBody::new(body, activity)))
}

async fn forward(
    app: Router,
    request: Request<Incoming>,
    body_bytes: usize,
    activity: &Arc<Activity>,
) -> Result<Response, Infallible> {
    // The bytes after a chunked body can be a smuggled request (RFC 9112 section 6.1): given both Content-Length and
    // Transfer-Encoding, hyper uses the latter and hides the former.
    let mut close = request.headers().contains_key(header::TRANSFER_ENCODING);
    let request = request.map(|body| {
        if body.is_end_stream() {
            Body::empty()
        } else {
            Body::new(RequestBody::new(body, body_bytes, Arc::clone(activity)))
        }
    });
    let mut response = pin!(app.oneshot(request));
    let outcome = poll_fn(|context| {
        if activity.intervention() == Intervention::RequestTimeout {
            return Poll::Ready(None);
        }
        response.as_mut().poll(context).map(Some)
    });
    let mut response = match outcome.await {
        Some(response) => response?,
        None => plain_text(
            StatusCode::SERVICE_UNAVAILABLE,
            "The request took too long. It may have been processed nevertheless.\n",
        ),
    };
    let intervention = activity.intervention();
    close |= intervention != Intervention::None;
    if activity.has_body_failed() {
        if intervention == Intervention::Stopping {
            response =
                plain_text(StatusCode::SERVICE_UNAVAILABLE, "The service is stopping. Please try again.\n");
        } else if response.status() != StatusCode::REQUEST_TIMEOUT {
            // Some handlers report a missing body in their own format.
            response =
                plain_text(StatusCode::REQUEST_TIMEOUT, "The request's body did not arrive in time.\n");
        }
    }
    if close {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// A response in plain text.
fn plain_text(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

pin_project! {
    /// A connection that ends early, with `None`, when the supervisor closes it.
    struct Supervised<C> {
        #[pin]
        connection: C,
        activity: Arc<Activity>,
    }
}

impl<C: Future> Future for Supervised<C> {
    type Output = Option<C::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        // Registered before the check, so that no intervention is missed.
        this.activity.register(context.waker());
        if this.activity.intervention() == Intervention::Close {
            return Poll::Ready(None);
        }
        this.connection.poll(context).map(Some)
    }
}
