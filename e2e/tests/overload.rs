//! Clients that hold many connections do not affect others.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::fs;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::{TestServer, eventually};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;
use vestibule_e2e::Vestibule;
use vestibule_e2e::http::{connect_from, exchange_from, read_reply};

/// An environment variable with the number of connections that one client tries to hold, on a service with the default
/// limit of 4096. Without it, the client tries 300 on a service with a limit of 256.
const FULL_SIZE: &str = "VESTIBULE_TEST_SLOW_CONNECTIONS";
const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3));
const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

const BODY: &[u8] = b"POST /invite/aaaaaaaaaaaaaaaaaaaaaaaaaaaa/register HTTP/1.1\r\nHost: a\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n";
const HEAD: &[u8] = b"GET /invite/aaaa HTTP/1.1\r\nHos";
const REQUEST: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

/// Starts a service that trusts only the address 127.0.0.1, and returns the number of connections to try.
fn start() -> (TestServer, usize, TempDir) {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("vestibule.toml");
    let full = std::env::var(FULL_SIZE).ok().map(|count| count.parse::<usize>().expect("a number"));
    let places = if full.is_some() { "" } else { "max_connections = 256\n" };
    fs::write(&file, format!("trusted_proxies = [\"127.0.0.1\"]\n{places}")).unwrap();
    let count = full.unwrap_or(300);
    let now = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(count).unwrap() + 200;
    if now.current.is_some_and(|current| current < wanted) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: now.maximum }).unwrap();
    }
    let server = Vestibule::builder().arg("--config").arg(&file).start().unwrap();
    (TestServer::of(server), count, directory)
}

/// Opens connections from one address and sends the same bytes on each. Drops those that are refused.
fn hold(test_server: &TestServer, count: usize, words: &[u8]) -> Vec<TcpStream> {
    let one = || {
        let mut stream = connect_from(ATTACKER, test_server.server.addr()).ok()?;
        stream.write_all(words).ok()?;
        Some(stream)
    };
    (0..count).filter_map(|_| one()).collect()
}

fn metric(test_server: &TestServer, words: &str) -> u32 {
    let text = test_server.client.get(&format!("{}/metrics", test_server.server.url())).unwrap().text();
    text.lines().find_map(|line| line.strip_prefix(words)?.trim().parse().ok()).unwrap_or(0)
}

/// Sends requests of other clients until `is_over`, but at least a minimum number. Returns the longest wait.
fn ask_as_others(addr: SocketAddr, key: &str, is_over: impl Fn() -> bool) -> Duration {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    let (mut slowest, mut answered) = (Duration::ZERO, 0);
    while !is_over() || answered < 50 {
        for (from, method, target, status) in
            [(LOCAL, "GET", "/healthz", 200), (OTHER, "POST", "/invites_api", 201)]
        {
            let begun = Instant::now();
            let answer = exchange_from(from, addr, method, target, &headers, b"").unwrap();
            assert_eq!(answer.status, status, "{target}");
            slowest = slowest.max(begun.elapsed());
            answered += 1;
        }
    }
    slowest
}

fn other_clients_are_unaffected(words: &[u8]) {
    let (test_server, count, _folder) = start();
    let (addr, key) = (test_server.server.addr(), test_server.key.as_str());
    // The limit depends on the speed without an attack.
    let limit = (ask_as_others(addr, key, || true) * 4).max(Duration::from_secs(1));
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let others = scope.spawn(|| ask_as_others(addr, key, || over.load(Ordering::SeqCst)));
        let held = hold(&test_server, count, words);
        let share = metric(&test_server, "vestibule_http_rejections_total{reason=\"address-share\"}");
        let gave_way = metric(&test_server, "vestibule_http_rejections_total{reason=\"gave-way\"}");
        assert!(share + gave_way > 0, "nothing was refused");
        over.store(true, Ordering::SeqCst);
        let slowest = others.join().unwrap();
        assert!(slowest < limit, "another client waited for {slowest:?}");
        drop(held);
    });
}

#[test]
fn slow_bodies_of_one_address_leave_room_for_all_others() {
    other_clients_are_unaffected(BODY);
}

#[test]
fn slow_heads_of_one_address_leave_room_for_all_others() {
    other_clients_are_unaffected(HEAD);
}

#[test]
fn idle_connections_of_one_address_leave_room_for_all_others() {
    other_clients_are_unaffected(REQUEST);
}

/// Every address stays within its share and reads nothing of a long response.
#[test]
fn slow_readers_of_many_addresses_are_closed() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("vestibule.toml");
    fs::write(&file, "trusted_proxies = []\nmax_connections = 48\nmax_connections_per_address = 16\n")
        .unwrap();
    let test_server = TestServer::of(Vestibule::builder().arg("--config").arg(&file).start().unwrap());
    let addr = test_server.server.addr();
    let words = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(200);
    let readers: Vec<_> = (0..48)
        .map(|number| {
            let mut stream =
                connect_from(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 10 + number / 16)), addr).unwrap();
            // The server may close the connection before everything is written.
            stream.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
            let _ = stream.write(&words);
            stream
        })
        .collect();
    let answer = exchange_from(OTHER, addr, "GET", "/healthz", &[], b"").unwrap();
    assert_eq!(answer.status, 200);
    drop(readers);
    let text = exchange_from(LOCAL, addr, "GET", "/metrics", &[], b"").unwrap().text();
    let gave_way =
        text.lines().any(|line| line.starts_with("vestibule_http_rejections_total{reason=\"gave-way\"}"));
    assert!(gave_way, "{text}");
}

#[test]
fn a_slow_body_is_answered_408_and_closed() {
    let test_server = TestServer::new();
    let mut stream = connect_from(LOCAL, test_server.server.addr()).unwrap();
    stream.write_all(b"POST /v1/invites HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a/b\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{").unwrap();
    let reply = read_reply(&mut stream, Duration::from_secs(30)).unwrap();
    assert!(reply.closed);
    let answer = reply.response().expect("an answer");
    // The key may be checked before or after the body is read.
    assert!(matches!(answer.status, 401 | 408), "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
    eventually("nothing is held", Duration::from_secs(20), || {
        metric(&test_server, "vestibule_http_connections ") <= 1
    });
}

#[test]
fn an_unfinished_body_does_not_delay_shutdown() {
    let mut test_server = TestServer::new();
    let mut slow = connect_from(LOCAL, test_server.server.addr()).unwrap();
    slow.write_all(BODY).unwrap();
    test_server.mint();
    let begun = Instant::now();
    assert_eq!(test_server.server.terminate().unwrap().code(), Some(0), "{}", test_server.server.stderr());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(!test_server.server.stderr().contains("still in flight"), "{}", test_server.server.stderr());
}

#[test]
fn the_queue_of_new_connections_is_as_long_as_the_system_allows() {
    let mut test_server = TestServer::new();
    let allowed: usize = fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap().trim().parse().unwrap();
    let wanted = 400.min(allowed);
    // The process is stopped, but the kernel accepts all of them.
    test_server.server.pause();
    let addr = test_server.server.addr();
    let waiting: Vec<_> =
        (0..wanted).map(|_| TcpStream::connect_timeout(&addr, Duration::from_secs(1))).collect();
    let taken = waiting.iter().filter(|connection| connection.is_ok()).count();
    test_server.server.resume();
    assert_eq!(taken, wanted);
    drop(waiting);
    assert_eq!(test_server.client.get(&format!("{}/healthz", test_server.server.url())).unwrap().status, 200);
}
