//! Accepting connections.

use std::{convert::Infallible, future::Future, io, sync::Arc, time::Duration};

use axum::{Router, body::Body, response::Response};
use http::{HeaderValue, Request, header};
use http_body_util::Limited;
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tower::ServiceExt;

use crate::{client::Peer, pulse::Pulse, sound::refuse_unsound};

/// What one client may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once. More wait in the kernel's queue until one is free.
    pub connections: usize,
    /// Bytes of a request's line and headers.
    pub head_bytes: usize,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// How long a request's line and headers may take at least; twice that at the most. The same bounds
    /// how long an idle connection is kept, and how long a client may take to read an answer.
    pub head_time: Duration,
    /// How long requests under way may take after the signal to stop.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head_bytes: 16 * 1024,
            body_bytes: 256 * 1024,
            head_time: Duration::from_secs(10),
            stop_time: Duration::from_secs(10),
        }
    }
}

/// Serves `app` until `stop` is done; then finishes what is under way.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.max_buf_size(limits.head_bytes).half_close(false);
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = GracefulShutdown::new();
    let accept = async {
        loop {
            // The semaphore is never closed.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return;
            };
            let (stream, peer) = next(&listener).await;
            let app = app.clone();
            let pulse = Arc::new(Pulse::default());
            let beat = Arc::clone(&pulse);
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(peer);
                let (app, busy) = (app.clone(), beat.begin());
                async move {
                    let answer = answer(app, request, limits.body_bytes).await;
                    drop(busy);
                    answer
                }
            });
            let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
            tokio::spawn(async move {
                tokio::select! {
                    outcome = connection => if let Err(error) = outcome {
                        tracing::debug!(%error, "a connection ended");
                    },
                    () = pulse.stopped(limits.head_time) => tracing::debug!("a connection was too slow"),
                }
                drop(place);
            });
        }
    };
    tokio::select! {
        () = accept => {}
        () = stop => {}
    }
    drop(listener);
    if timeout(limits.stop_time, connections.shutdown()).await.is_err() {
        tracing::warn!("stopped while requests were still under way");
    }
}

/// Refuses an unsound request, or hands a sound one on, with a bound on its body.
async fn answer(app: Router, request: Request<Incoming>, body_bytes: usize) -> Result<Response, Infallible> {
    if let Some(refusal) = refuse_unsound(&request, body_bytes) {
        return Ok(refusal);
    }
    let request = request.map(|body| {
        if body.is_end_stream() { Body::empty() } else { Body::new(Limited::new(body, body_bytes)) }
    });
    // RFC 9112 section 6.1: what follows a body in chunks may be a smuggled request.
    let close = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut response = app.oneshot(request).await?;
    if close {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// The next connection, through the errors that pass by themselves.
async fn next(listener: &TcpListener) -> (TcpStream, Peer) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small and written whole.
                let _ = stream.set_nodelay(true);
                return (stream, Peer(peer.ip()));
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
