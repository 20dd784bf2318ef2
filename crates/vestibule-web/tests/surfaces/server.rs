//! Limits of connections on real sockets, with short timeouts. Tests wait for the end of the stream.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    routing::{get, post},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{Notify, oneshot, watch},
    task::JoinHandle,
    time::{Instant, timeout},
};
use vestibule_web::{HttpState, Limits, Links, Metrics, Networks, ServerConfig, serve};

use super::test_server::TestServer;

/// A timeout for events that must occur, even on a busy machine.
const LONG: Duration = Duration::from_secs(20);
/// The size of the response of `/large`, in bytes.
const LARGE: usize = 8 << 20;

struct Server {
    address: SocketAddr,
    /// Completes the response of `/work`.
    done: Arc<Notify>,
    begun: Arc<Notify>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
    _bench: TestServer,
}

fn quick() -> Limits {
    Limits {
        idle_timeout: Duration::from_millis(600),
        head_timeout: Duration::from_millis(400),
        body_timeout: Duration::from_millis(400),
        request_timeout: Duration::from_secs(2),
        answer_timeout: Duration::from_secs(1),
        ..Limits::default()
    }
}

impl Server {
    async fn start(limits: Limits) -> Self {
        Self::trusting(limits, Networks::default()).await
    }

    async fn trusting(limits: Limits, trusted_proxies: Networks) -> Self {
        let metrics = Arc::new(Metrics::default());
        let http_state = HttpState { metrics: metrics.clone(), ..HttpState::default() };
        let server = TestServer::behind(http_state, Links::new("https://example.com").unwrap(), None).await;
        let (begun, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let work = {
            let (begun, done) = (begun.clone(), done.clone());
            async move || {
                begun.notify_one();
                done.notified().await;
                "done"
            }
        };
        let router: Router = server
            .router()
            .route("/echo", post(async |body: Bytes| body))
            .route("/ignore", post(async || "ignored"))
            .route("/large", get(async || vec![b'x'; LARGE]))
            .route("/work", get(work));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let config = ServerConfig { limits, trusted_proxies, metrics };
        let task =
            tokio::spawn(serve(listener, watch::channel(router).1, config, async { drop(stopped.await) }));
        Self { address, done, begun, stop: Some(stop), task, _bench: server }
    }

    async fn send(&self, bytes: &str) -> TcpStream {
        self.send_from("127.0.0.1", bytes).await
    }

    async fn send_from(&self, source: &str, bytes: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(source.parse().unwrap(), 0)).unwrap();
        let mut stream = socket.connect(self.address).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        stream
    }

    /// Sends a complete request on a new connection and returns the response.
    async fn get(&self, path: &str) -> String {
        self.get_from("127.0.0.1", path).await
    }

    async fn get_from(&self, source: &str, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        rest(&mut self.send_from(source, &request).await).await
    }

    async fn assert_counted(&self, reason: &str) {
        let line = format!("vestibule_http_rejections_total{{reason=\"{reason}\"}} ");
        let text = self.get("/metrics").await;
        assert!(text.contains(&line), "no {line} in:\n{text}");
    }

    fn begin_stop(&mut self) {
        drop(self.stop.take());
    }
}

/// Returns the bytes until the server closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset ends the connection too.
    let _ = timeout(LONG, stream.read_to_end(&mut bytes)).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

const POST: &str = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_408() {
    let server = Server::start(quick()).await;
    for head in [
        POST,
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "POST /v1/invites HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a/b\r\nContent-Type: application/json\r\n\
         Content-Length: 99\r\n\r\n{",
        "POST /invite/nonsense/register HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 99\r\n\r\nu",
    ] {
        let answer = rest(&mut server.send(head).await).await;
        // An unknown token may be refused before the body is read.
        assert!(
            answer.starts_with("HTTP/1.1 408 ") || answer.starts_with("HTTP/1.1 404 "),
            "{head}: {answer}"
        );
        assert!(answer.contains("connection: close\r\n"), "{answer}");
    }
    server.assert_counted("slow-body").await;
}

#[tokio::test]
async fn a_body_that_trickles_is_answered_408() {
    let server = Server::start(quick()).await;
    let (mut reader, mut writer) = server.send(POST).await.into_split();
    let trickle = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        while writer.write_all(b"x").await.is_ok() {
            ticks.tick().await;
        }
    });
    let mut answer = [0; 12];
    timeout(LONG, reader.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    timeout(LONG, trickle).await.unwrap().unwrap();
}

#[tokio::test]
async fn an_unread_body_delays_nothing() {
    let server = Server::start(quick()).await;
    let request = "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";
    let answer = rest(&mut server.send(request).await).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("ignored"), "{answer}");
}

/// Closing a socket with unread bytes resets it, which would discard the response.
#[tokio::test]
async fn a_client_that_keeps_sending_still_gets_the_response() {
    let server = Server::start(Limits::default()).await;
    for path in ["/echo", "/ignore"] {
        for _ in 0..20 {
            let mut stream = server
                .send(&format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n"))
                .await;
            let body = vec![b'x'; 300_000];
            stream.write_all(&body).await.unwrap();
            let answer = rest(&mut stream).await;
            assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_body_in_parts_is_accepted() {
    let server = Server::start(quick()).await;
    let mut stream = server
        .send("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhello")
        .await;
    stream.write_all(b"world").await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("helloworld"), "{answer}");
}

#[tokio::test]
async fn a_connection_without_a_complete_head_is_closed() {
    let server = Server::start(quick()).await;
    assert_eq!(rest(&mut server.send("GET /healthz HTTP/1.1\r\nHo").await).await, "");
    server.assert_counted("slow-head").await;
    assert_eq!(rest(&mut server.send("").await).await, "");
}

#[tokio::test]
async fn connections_are_kept_between_requests() {
    let server = Server::start(quick()).await;
    let mut stream = server.send("").await;
    for _ in 0..3 {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut bytes = vec![0; 4096];
        let read = timeout(LONG, stream.read(&mut bytes)).await.unwrap().unwrap();
        assert!(bytes[..read].starts_with(b"HTTP/1.1 200 "));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(rest(&mut stream).await, "", "an idle connection is closed");
}

#[tokio::test]
async fn work_that_takes_too_long_is_answered_503() {
    let server = Server::start(quick()).await;
    let answer = rest(&mut server.send("GET /work HTTP/1.1\r\nHost: a\r\n\r\n").await).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 5\r\n"), "{answer}");
    server.assert_counted("slow-request").await;
}

#[tokio::test]
async fn a_slow_client_gets_all_of_a_large_response() {
    let server = Server::start(quick()).await;
    let mut stream = server.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    let (begun, mut bytes, mut all) = (Instant::now(), vec![0; 32 * 1024], 0);
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    loop {
        ticks.tick().await;
        let read = timeout(LONG, stream.read(&mut bytes)).await.unwrap().unwrap();
        if read == 0 {
            break;
        }
        all += read;
    }
    assert!(all > LARGE, "{all} bytes");
    assert!(begun.elapsed() > 2 * quick().answer_timeout, "{:?} prove nothing", begun.elapsed());
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_disconnected() {
    let server = Server::start(quick()).await;
    let mut stream = server.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    let begun = Instant::now();
    while !server.get("/metrics").await.contains("vestibule_http_rejections_total{reason=\"slow-reader\"} 1")
    {
        assert!(begun.elapsed() < LONG, "not cut");
        tokio::task::yield_now().await;
    }
    assert!(rest(&mut stream).await.len() < LARGE);
}

#[tokio::test]
async fn one_address_is_limited_to_its_share_of_connections() {
    let limits = Limits { connections: 8, connections_per_address: 4, body_timeout: LONG, ..quick() };
    let server = Server::trusting(limits, Networks::read(["127.0.0.1"]).unwrap()).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(server.send_from("127.0.0.2", POST).await);
    }
    // The four connections before this one are accepted already.
    let refused = rest(&mut server.send_from("127.0.0.2", "").await).await;
    assert!(refused.starts_with("HTTP/1.1 503 ") && refused.contains("Retry-After: 5\r\n"), "{refused}");
    let length = refused.split_once("Content-Length: ").unwrap().1.split_once("\r\n").unwrap().0;
    assert_eq!(refused.split_once("\r\n\r\n").unwrap().1.len().to_string(), length);
    for source in ["127.0.0.3", "127.0.0.1"] {
        assert!(server.get_from(source, "/healthz").await.starts_with("HTTP/1.1 200 "), "{source}");
    }
    server.assert_counted("address-share").await;
    drop(held);
}

#[tokio::test]
async fn idle_connections_of_an_address_are_evicted_for_its_new_ones() {
    let limits = Limits { connections: 8, connections_per_address: 4, head_timeout: LONG, ..quick() };
    let server = Server::trusting(limits, Networks::read([]).unwrap()).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(server.send("").await);
    }
    // Only older idle connections are evicted.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(server.get("/healthz").await.starts_with("HTTP/1.1 200 "));
    server.assert_counted("gave-way").await;
}

#[tokio::test]
async fn idle_connections_are_evicted_when_permits_run_out() {
    for hold in ["", "GET / HTTP/1.1\r\nHo", POST] {
        let limits = Limits {
            connections: 4,
            head_timeout: LONG,
            body_timeout: LONG,
            idle_timeout: LONG,
            request_timeout: LONG,
            ..quick()
        };
        let server = Server::start(limits).await;
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(server.send(hold).await);
        }
        let begun = Instant::now();
        assert!(server.get("/healthz").await.starts_with("HTTP/1.1 200 "), "{hold:?}");
        assert!(begun.elapsed() < LONG / 2, "{hold:?}: {:?}", begun.elapsed());
        server.assert_counted("gave-way").await;
    }
}

#[tokio::test]
async fn an_incomplete_body_does_not_delay_shutdown() {
    let mut server = Server::start(Limits::default()).await;
    let mut slow = server.send(POST).await;
    let mut head = server.send("GET / HTTP/1.1\r\nHo").await;
    assert!(server.get("/healthz").await.starts_with("HTTP/1.1 200 "));
    let begun = Instant::now();
    server.begin_stop();
    let answer = rest(&mut slow).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 5\r\n"), "{answer}");
    assert_eq!(rest(&mut head).await, "");
    (&mut server.task).await.unwrap();
    assert!(begun.elapsed() < Limits::default().shutdown_timeout / 2, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn shutdown_finishes_requests_in_flight() {
    let mut server = Server::start(Limits::default()).await;
    let mut at_work = server.send("GET /work HTTP/1.1\r\nHost: a\r\n\r\n").await;
    server.begun.notified().await;
    let mut slow = server.send(POST).await;
    assert!(server.get("/healthz").await.starts_with("HTTP/1.1 200 "));
    server.begin_stop();
    // Clients that are refused end first, so the request in flight was given more time than that.
    assert!(rest(&mut slow).await.starts_with("HTTP/1.1 503 "));
    server.done.notify_one();
    let answer = rest(&mut at_work).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("done"), "{answer}");
    server.task.await.unwrap();
}

#[tokio::test]
async fn a_request_with_two_lengths_is_read_in_chunks_and_ends_its_connection() {
    let server = Server::start(quick()).await;
    let smuggled = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    for lengths in
        ["Content-Length: 3\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 3"]
    {
        let request =
            format!("POST /echo HTTP/1.1\r\nHost: a\r\n{lengths}\r\n\r\n5\r\nhello\r\n0\r\n\r\n{smuggled}");
        let answer = rest(&mut server.send(&request).await).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close\r\n"), "{answer}");
        assert!(answer.ends_with("hello"), "no second answer: {answer}");
    }
    let old = "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let answer = rest(&mut server.send(old).await).await;
    assert!(answer.split("\r\n").next().unwrap().contains(" 400 "), "{answer}");
    assert!(rest(&mut server.send("nonsense\r\n\r\n").await).await.starts_with("HTTP/1.1 400 "));
    server.assert_counted("malformed").await;
}
