//! Traces are sent to a collector, contain no secrets and do not affect requests.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use common::{HOST, TestServer, misused};
use vestibule_e2e::http::token_of;
use vestibule_e2e::{CliOutput, Vestibule, free_port, vestibule_command};

/// A request to the collector: its head and its body.
type Post = (String, Vec<u8>);

/// Starts a collector that accepts everything and ends with the test's process.
fn collector() -> (SocketAddr, Receiver<Post>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let (sender, posts) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, sender) = (stream.unwrap(), sender.clone());
            thread::spawn(move || {
                let mut stream = BufReader::new(stream);
                while let Some(post) = read(&mut stream) {
                    let _ = sender.send(post);
                    stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
                }
            });
        }
    });
    (addr, posts)
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Post> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.expect("a Content-Length")];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn holds(body: &[u8], needle: &str) -> bool {
    body.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn traces_contain_no_secrets() {
    let (addr, posts) = collector();
    let builder = Vestibule::builder().arg("--otlp-endpoint").arg(format!("http://{addr}"));
    let mut test_server = TestServer::of(builder.env("VESTIBULE_LOG", "trace").start().unwrap());
    let link = test_server.mint();
    assert_eq!(test_server.status_of(&link), 200);
    let by_query = format!("{}/invites_api?key={}", test_server.server.url(), test_server.key);
    assert_eq!(test_server.client.get(&by_query).unwrap().status, 201);
    assert_eq!(test_server.status_of(&format!("{link}x")), 404);
    // Remaining traces are sent at shutdown.
    assert!(test_server.server.terminate().unwrap().success());
    let posts: Vec<Post> = posts.try_iter().collect();
    assert!(!posts.is_empty(), "nothing came: {}", test_server.server.stderr());
    let mut all = Vec::new();
    for (head, body) in posts {
        assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        all.extend(body);
    }
    for expected in [
        "GET /invites_api",
        "GET /invite/{token}",
        "http.route",
        "http.request.method",
        "http.response.status_code",
        "service.name",
        "vestibule",
    ] {
        assert!(holds(&all, expected), "no {expected} in {}", String::from_utf8_lossy(&all));
    }
    let (id, secret) = test_server.key.split_once('/').unwrap();
    for needle in [id, secret, token_of(&link), &token_of(&link)[..10]] {
        assert!(!holds(&all, needle), "{needle} in {}", String::from_utf8_lossy(&all));
    }
}

#[test]
fn a_missing_collector_does_not_affect_requests() {
    let port = free_port().unwrap();
    let builder = Vestibule::builder().env("VESTIBULE_OTLP_ENDPOINT", format!("http://127.0.0.1:{port}"));
    let mut test_server = TestServer::of(builder.env("OTEL_BSP_SCHEDULE_DELAY", "20").start().unwrap());
    common::eventually("the failure is in the log", Duration::from_secs(20), || {
        test_server.mint();
        test_server.server.stderr().contains("the collector does not accept traces")
    });
    test_server.mint();
    assert!(test_server.server.terminate().unwrap().success());
    let log = test_server.server.stderr();
    assert_eq!(log.matches("the collector does not accept traces").count(), 1, "{log}");
}

#[test]
fn an_invalid_collector_is_rejected_at_start() {
    for url in ["nonsense", "https://collector.example", "http://user:password@127.0.0.1:4318"] {
        let args = ["serve", "--host", HOST, "--listen", "127.0.0.1:0", "--otlp-endpoint", url];
        let output = CliOutput::within(Duration::from_secs(15), vestibule_command(&args).unwrap()).unwrap();
        misused(&output);
        assert!(output.stderr.contains("--otlp-endpoint"), "{output}");
        assert!(output.stderr.contains("for example http://127.0.0.1:4318"), "{output}");
        assert!(!output.stderr.contains("password"), "{output}");
    }
}
