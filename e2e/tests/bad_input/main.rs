//! Malformed requests are refused with a 4xx or a closed connection. They cause no 5xx and no panic, create no invite,
//! and do not affect other clients.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../common/mod.rs"]
mod common;
mod table;

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use common::TestServer;
use table::{Expect, table, with_key};
use vestibule_e2e::Vestibule;
use vestibule_e2e::http::{raw_request, read_reply, token_of};

/// The longest time until a client with an incomplete head is dropped.
const HEAD_LIMIT: Duration = Duration::from_secs(40);
/// The longest time of a valid request while others stall.
const BESIDE: Duration = Duration::from_secs(3);
const STALLED: usize = 300;

fn test_server() -> TestServer {
    TestServer::of(Vestibule::builder().env("RUST_LOG", "debug").start().unwrap())
}

/// Asserts that there was no internal error and that no secret was logged.
fn assert_sound(test_server: &TestServer, links: &[String]) {
    let log = test_server.server.stderr();
    assert!(!log.contains("panicked"), "{log}");
    let secret = test_server.key.split('/').nth(1).unwrap();
    assert!(!log.contains(secret), "the secret of the key in the log:\n{log}");
    for link in links {
        assert!(!log.contains(token_of(link)), "a token in the log:\n{log}");
    }
}

#[test]
fn malformed_requests_are_rejected_and_create_nothing() {
    let test_server = test_server();
    let mut wrong = Vec::new();
    for (what, expect, request) in table() {
        let before = test_server.invites().len();
        let reply = raw_request(test_server.server.addr(), &with_key(&request, &test_server.key)).unwrap();
        let status = reply.status();
        let fine = match expect {
            Expect::Status(wanted) => status == Some(wanted),
            Expect::Refused => status.map_or(reply.closed, |status| (400..500).contains(&status)),
        };
        if !fine {
            let start: String = String::from_utf8_lossy(&reply.bytes).chars().take(200).collect();
            wrong.push(format!("{what}: expected {expect:?}, got {status:?}: {start:?}"));
        }
        if test_server.invites().len() != before {
            wrong.push(format!("{what}: minted"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let link = test_server.mint();
    assert_eq!(test_server.status_of(&link), 200);
    assert_sound(&test_server, &[link]);
}

#[test]
fn a_huge_body_is_rejected_or_left_unread() {
    let test_server = test_server();
    for (what, head) in [
        ("declared beforehand", "Content-Length: 10485760\r\n"),
        ("in chunks", "Transfer-Encoding: chunked\r\n"),
    ] {
        let mut request = format!(
            "POST /invites_api?key=a/b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\r\n"
        )
        .into_bytes();
        if head.starts_with("Transfer") {
            request.extend_from_slice(b"A00000\r\n");
        }
        request.resize(request.len() + (10 << 20), b'a');
        let reply = raw_request(test_server.server.addr(), &request).unwrap();
        let refused = reply.status().map_or(reply.closed, |status| (400..500).contains(&status));
        assert!(refused, "{what}: {:?}", reply.status());
    }
    assert_sound(&test_server, &[test_server.mint()]);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let test_server = test_server();
    let key = &test_server.key;
    let request = format!(
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n\
         GET /invites_api?key={key} HTTP/1.1\r\nHost: localhost\r\n\r\n\
         GET /invite/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n\
         GET /invites_api?key={key}&redirect=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    );
    let reply = raw_request(test_server.server.addr(), request.as_bytes()).unwrap();
    let statuses: Vec<u16> = reply.responses().iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 201, 404, 303]);
    assert_eq!(test_server.invites().len(), 2);
}

/// RFC 9112 section 6.1: a request with both a length and chunks is read in chunks, and the connection is closed, so
/// that no second request can be hidden from a proxy that uses the length.
#[test]
fn a_request_hidden_behind_chunks_is_never_served() {
    let test_server = test_server();
    let (length, chunks) = ("Content-Length: 6\r\n", "Transfer-Encoding: chunked\r\n");
    for headers in [format!("{length}{chunks}"), format!("{chunks}{length}"), chunks.to_owned()] {
        let request = format!(
            "POST /invites_api?key=a/b HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n0\r\n\r\n\
             GET /invites_api?key={} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            test_server.key
        );
        let reply = raw_request(test_server.server.addr(), request.as_bytes()).unwrap();
        let statuses: Vec<u16> = reply.responses().iter().map(|answer| answer.status).collect();
        assert!(statuses.len() <= 1 && reply.closed, "{headers:?}: {statuses:?}, closed: {}", reply.closed);
        assert!(statuses.iter().all(|status| (400..500).contains(status)), "{headers:?}: {statuses:?}");
    }
    assert_eq!(test_server.invites().len(), 0);
}

#[test]
fn stalled_clients_are_dropped_and_delay_nobody() {
    let test_server = test_server();
    let started = Instant::now();
    let mut stalled: Vec<TcpStream> = (0..STALLED).map(|at| half_a_head(&test_server, at)).collect();
    for _ in 0..20 {
        let begun = Instant::now();
        let link = test_server.mint();
        assert_eq!(test_server.status_of(&link), 200);
        assert!(begun.elapsed() < BESIDE, "{:?} beside {STALLED} stalled clients", begun.elapsed());
    }
    for stream in &mut stalled {
        let left = HEAD_LIMIT.saturating_sub(started.elapsed()).max(Duration::from_millis(1));
        let reply = read_reply(stream, left).unwrap();
        assert!(reply.closed, "still connected after {:?}", started.elapsed());
        assert!(reply.status().is_none_or(|status| status == 408), "{:?}", reply.status());
    }
    assert_sound(&test_server, &[test_server.mint()]);
}

/// Sends an incomplete head, with a different length for each `at`.
fn half_a_head(test_server: &TestServer, at: usize) -> TcpStream {
    let mut stream = TcpStream::connect(test_server.server.addr()).unwrap();
    let head = b"GET /invites_api HTTP/1.1\r\nHost: localhost\r\nX-Slow: a";
    stream.write_all(&head[..at % head.len()]).unwrap();
    stream
}
