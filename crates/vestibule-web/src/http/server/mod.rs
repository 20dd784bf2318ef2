//! The HTTP server: accepts connections and enforces limits on clients.

mod activity;
mod body;
mod connection;
mod connections;
mod io;
mod limits;
mod listener;
mod timeout_tracker;

use std::{future::Future, sync::Arc};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::server::graceful::GracefulShutdown;
use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

use activity::Activity;
pub(crate) use body::BodyTimeout;
use connection::Server;
use connections::Connections;
pub use limits::Limits;
pub use listener::listen;

use super::{client_address::Peer, metrics::Metrics, networks::Networks};

/// The kernel's buffer for unsent bytes of a response. A larger one would hide for minutes that a client reads nothing.
const UNSENT_BYTES: u32 = 64 * 1024;

/// The response to a client above its share of connections.
const SHARE_EXCEEDED: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 47\r\n\
    Retry-After: 5\r\n\
    Connection: close\r\n\r\n\
    Your address has too many connections open now.";

/// Settings of the server.
#[derive(Clone, Debug, Default)]
pub struct ServerConfig {
    /// Limits of clients.
    pub limits: Limits,
    /// Peers that are exempt from the limit per address, because they forward requests of many clients.
    pub trusted_proxies: Networks,
    /// Counts rejected connections and requests.
    pub metrics: Arc<Metrics>,
}

/// Serves `app` until `stop` completes, then finishes requests in flight. Each request goes to the newest `app`, on
/// connections that were open before it too.
pub async fn serve(
    listener: TcpListener,
    app: watch::Receiver<Router>,
    config: ServerConfig,
    stop: impl Future<Output = ()>,
) {
    let ServerConfig { limits, trusted_proxies, metrics } = config;
    let mut http = http1::Builder::new();
    http.max_buf_size(limits.head_bytes).half_close(false);
    let connections = Connections::new(limits, trusted_proxies, Arc::clone(&metrics));
    let server = Server { http, app, body_bytes: limits.body_bytes, metrics };
    let graceful = GracefulShutdown::new();
    tokio::select! {
        () = accept_all(&listener, &connections, &server, &graceful) => {}
        () = connections.supervise() => {}
        () = stop => {}
    }
    drop(listener);
    let finished = timeout(limits.shutdown_timeout, graceful.shutdown());
    tokio::select! {
        finished = finished => if finished.is_err() {
            tracing::warn!("stopped while requests were still in flight");
        },
        () = connections.supervise_shutdown() => {}
    }
}

/// Accepts connections and serves each in its own task.
async fn accept_all(
    listener: &TcpListener,
    connections: &Arc<Connections>,
    server: &Server,
    graceful: &GracefulShutdown,
) {
    loop {
        // Accepts before acquiring a permit, so that no connection is evicted without need.
        let (stream, peer) = listener::accept(listener).await;
        let Some(permit) = connections.permit().await else { return };
        let activity = Arc::new(Activity::new());
        match connections.register(peer.ip(), &activity, permit) {
            Ok(registration) => {
                set_up(&stream);
                let (server, watcher) = (server.clone(), graceful.watcher());
                tokio::spawn(async move {
                    server.serve(stream, Peer(peer.ip()), activity, watcher).await;
                    drop(registration);
                });
            }
            Err(_) => refuse(&stream),
        }
    }
}

fn set_up(stream: &TcpStream) {
    // Responses are small and written at once.
    let _ = stream.set_nodelay(true);
    let _ = SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES);
}

/// Sends the refusal without waiting for the client to read it.
fn refuse(stream: &TcpStream) {
    let _ = SockRef::from(stream).send(SHARE_EXCEEDED);
}
