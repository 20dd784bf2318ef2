//! Vestibule behind real reverse proxies with the files of `docs/proxies`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../common/mod.rs"]
mod common;
mod faulty_upstream;
mod logs;
mod slow_reader;

use std::fs;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use common::{HOST, TestServer, eventually};
use logs::{
    a_broken_answer_puts_no_token_into_a_log, a_vestibule_that_is_killed_puts_no_token_into_a_log,
    keys_and_abandoned_forms_are_not_logged, no_request_puts_a_token_into_a_log,
};
use slow_reader::{json_in, read_slowly};
use tempfile::TempDir;
use vestibule_e2e::http::{Response, connect_from, exchange_from, path_of};
use vestibule_e2e::{ProxyKind, ReverseProxy, Vestibule};

/// A client of the proxy. The proxy and a bridge connect to the service from 127.0.0.1.
const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
const VISITOR: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3));
/// The page of an unknown invite.
const UNKNOWN: &str = "/invite/aaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

struct Behind {
    test_server: TestServer,
    proxy: ReverseProxy,
    _directory: TempDir,
}

impl Behind {
    /// Starts a service that trusts only the proxy, permits five guesses an hour, and has short timeouts.
    fn new(kind: ProxyKind) -> Self {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("vestibule.toml");
        fs::write(
            &file,
            "trusted_proxies = [\"127.0.0.1\"]\nbody_timeout = \"2s\"\nhead_timeout = \"2s\"\nidle_timeout = \"2s\"\n\
             answer_timeout = \"2s\"\n",
        )
        .unwrap();
        let server =
            Vestibule::builder().arg("--guess-rate").arg("5/h").arg("--config").arg(&file).start().unwrap();
        let proxy = ReverseProxy::start(kind, server.addr()).unwrap();
        Self { test_server: TestServer::of(server), proxy, _directory: directory }
    }

    fn send(
        &self,
        from: IpAddr,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        exchange_from(from, self.proxy.addr(), method, target, headers, body)
            .unwrap_or_else(|error| panic!("{error}\n{}", self.proxy.stderr()))
    }

    fn open(&self, from: IpAddr, target: &str, headers: &[(&str, &str)]) -> u16 {
        self.send(from, "GET", target, headers, b"").status
    }

    fn create(&self, from: IpAddr, key: &str) -> Response {
        let bearer = format!("Bearer {key}");
        self.send(from, "POST", "/invites_api", &[("authorization", &bearer)], b"")
    }

    fn metrics(&self) -> String {
        self.test_server.client.get(&format!("{}/metrics", self.test_server.server.url())).unwrap().text()
    }

    /// Returns the number of open connections to the service, except that of this request.
    fn held(&self) -> u32 {
        let text = self.metrics();
        let line = text.lines().find_map(|line| line.strip_prefix("vestibule_http_connections "));
        line.expect("a gauge").parse::<u32>().unwrap() - 1
    }
}

macro_rules! through_each {
    ($($test:ident),+ $(,)?) => {
        mod nginx { $(#[test] fn $test() { super::$test(super::ProxyKind::Nginx); })+ }
        mod caddy { $(#[test] fn $test() { super::$test(super::ProxyKind::Caddy); })+ }
        mod haproxy { $(#[test] fn $test() { super::$test(super::ProxyKind::Haproxy); })+ }
        mod apache { $(#[test] fn $test() { super::$test(super::ProxyKind::Apache); })+ }
    };
}

through_each!(
    invites_are_created_and_shown,
    links_open_over_tls,
    pages_name_their_address_to_no_other,
    no_request_puts_a_token_into_a_log,
    a_vestibule_that_is_killed_puts_no_token_into_a_log,
    a_broken_answer_puts_no_token_into_a_log,
    keys_and_abandoned_forms_are_not_logged,
    an_attacker_does_not_slow_down_others,
    slow_bodies_hold_no_connections,
    a_slow_reader_gets_a_large_response,
);

fn invites_are_created_and_shown(kind: ProxyKind) {
    let behind = Behind::new(kind);
    let made = behind.create(VISITOR, &behind.test_server.key);
    assert_eq!(made.status, 201, "{made:?}");
    let page = path_of(made.location().unwrap()).to_owned();
    let landing = behind.send(VISITOR, "GET", &page, &[], b"");
    assert_eq!(landing.status, 200);
    assert_eq!(landing.all("link").len(), 1, "{landing:?}");
    assert_eq!(behind.send(VISITOR, "HEAD", &page, &[], b"").all("link"), landing.all("link"));
    let form = behind.send(VISITOR, "GET", &format!("{page}/register"), &[], b"");
    assert_eq!(form.status, 200);
    assert!(form.text().contains("<form"), "{}", form.text());
    // A weak password: the form is shown again, so its body was complete.
    let sent =
        behind.send(VISITOR, "POST", &format!("{page}/register"), &[FORM], b"username=juliet&password=a");
    assert!(sent.text().contains("juliet") && sent.text().contains("<form"), "{sent:?}");
    let huge = vec![b'a'; 300_000];
    let too_large = behind.send(VISITOR, "POST", &format!("{page}/register"), &[FORM], &huge);
    assert!((400..500).contains(&too_large.status), "{too_large:?}");
    // Links with attached characters work.
    let token = page.rsplit('/').next().unwrap();
    for damaged in damaged(token) {
        let answer = behind.send(VISITOR, "GET", &damaged, &[], b"");
        // Apache merges slashes, so the page opens without a redirect.
        let target = answer.location().map_or_else(|| answer.text(), str::to_owned);
        let opens = matches!(answer.status, 200 | 300..400) && target.contains(token);
        assert!(opens, "{damaged}: {} {target}", answer.status);
    }
    // Only for local clients.
    let numbers = behind.send(VISITOR, "GET", "/metrics", &[], b"");
    assert!(!numbers.text().contains("vestibule_"), "{numbers:?}");
}

/// Addresses with this token, as they arrive.
fn damaged(token: &str) -> [String; 6] {
    [
        format!("/Invite/{token}"),
        format!("/INVITE/{token}."),
        format!("//invite//{token}"),
        format!("/invites_page/?{token}"),
        format!("/register/?t={token}"),
        format!("/Register?t={token}"),
    ]
}

/// The whole file: nothing but addresses and the paths of certificates is replaced.
fn links_open_over_tls(kind: ProxyKind) {
    let test_server = TestServer::new();
    let proxy = ReverseProxy::start_with_tls(kind, test_server.server.addr()).unwrap();
    let link = test_server.mint();
    let page = path_of(&link);
    assert_eq!(proxy.open("https", proxy.addr(), page).unwrap().0, "200", "{}", proxy.stderr());
    // Plain HTTP to the port for HTTPS.
    let _ = proxy.open("http", proxy.addr(), page);
    assert!(!proxy.logs().contains(vestibule_e2e::http::token_of(&link)), "{}", proxy.logs());
    // Caddy's file has no line for this: Caddy always redirects.
    if kind != ProxyKind::Caddy {
        let (status, location) = proxy.open("http", proxy.redirect_addr(), page).unwrap();
        assert_eq!(status, "301");
        assert!(location.starts_with("https://example.com") && location.ends_with(page), "{location}");
        assert!(!proxy.logs().contains(vestibule_e2e::http::token_of(&link)), "{}", proxy.logs());
    }
}

/// Browsers send the address of a page with a `Referer` to its other requests, unless it has this header.
fn pages_name_their_address_to_no_other(kind: ProxyKind) {
    let mut behind = Behind::new(kind);
    let page = path_of(&behind.test_server.mint()).to_owned();
    for is_running in [true, false] {
        let answer = behind.send(VISITOR, "GET", &page, &[], b"");
        assert_eq!(answer.status == 200, is_running);
        assert_eq!(answer.all("referrer-policy"), ["no-referrer"], "{answer:?}");
        if is_running {
            behind.test_server.server.terminate().unwrap();
        }
    }
}

fn an_attacker_does_not_slow_down_others(kind: ProxyKind) {
    let behind = Behind::new(kind);
    let bridge = behind.test_server.server.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
    let link = behind.test_server.mint();
    let page = path_of(&link);
    let stories = [
        &[][..],
        &[("forwarded", "x")],
        &[("forwarded", "for=127.0.0.1")],
        &[("x-forwarded-for", "198.51.100.9")],
        &[("x-forwarded-for", "127.0.0.1")],
        &[("x-real-ip", "198.51.100.9")],
        &[("x-forwarded-for", "nonsense, 127.0.0.1"), ("x-forwarded-for", "\"")],
    ];
    let statuses: Vec<u16> = stories.iter().map(|headers| behind.open(ATTACKER, UNKNOWN, headers)).collect();
    assert_eq!(statuses, [404, 404, 404, 404, 404, 429, 429], "each counts against the attacker");
    for headers in stories {
        assert_eq!(behind.open(ATTACKER, page, headers), 429, "{headers:?}");
    }
    assert_eq!(behind.open(VISITOR, page, &[]), 200);
    let url = format!("{}/v1/usernames/juliet", behind.test_server.server.url());
    let bearer = format!("Bearer {bridge}");
    let answer = behind.test_server.client.send("GET", &url, &[("authorization", &bearer)], None).unwrap();
    assert_eq!(answer.status, 200, "the bridge is served: {answer:?}");
    assert!(
        !behind.test_server.server.stderr().contains("does not name its client"),
        "{}",
        behind.test_server.server.stderr()
    );
}

fn slow_bodies_hold_no_connections(kind: ProxyKind) {
    let behind = Behind::new(kind);
    let unfinished = format!(
        "POST /invites_api HTTP/1.1\r\nHost: {}\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\na",
        behind.proxy.addr()
    );
    let held: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = connect_from(ATTACKER, behind.proxy.addr()).unwrap();
            stream.write_all(unfinished.as_bytes()).unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(behind.create(VISITOR, &behind.test_server.key).status, 201);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    eventually("no connection to the service is held", Duration::from_secs(20), || behind.held() == 0);
    drop(held);
}

fn a_slow_reader_gets_a_large_response(kind: ProxyKind) {
    let behind = Behind::new(kind);
    let body = br#"{"count": 2500}"#;
    let mut stream = connect_from(VISITOR, behind.proxy.addr()).unwrap();
    let request = format!(
        "POST /v1/invites/batch HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        behind.proxy.addr(),
        behind.test_server.key,
        body.len()
    );
    stream.write_all(&[request.as_bytes(), body].concat()).unwrap();
    let begun = Instant::now();
    let bytes = read_slowly(&mut stream);
    assert!(begun.elapsed() > Duration::from_secs(4), "{:?} prove nothing", begun.elapsed());
    let all = json_in(&bytes).unwrap_or_else(|| panic!("{} bytes without a complete response", bytes.len()));
    assert_eq!(all["items"].as_array().map(Vec::len), Some(2500));
}

/// Returns the global options, the paths and the options of the proxy in a Caddyfile, without its addresses.
fn caddy_rules(file: &str) -> Vec<&str> {
    let lines: Vec<&str> = file.lines().map(str::trim).collect();
    let begin = lines.iter().position(|line| *line == "{").expect("no global options");
    let end = file.lines().position(|line| line == "}").expect("no end of the global options");
    let wanted = |line: &&str| line.starts_with("@vestibule ") || line.starts_with("header");
    lines[begin..=end].iter().chain(lines.iter().filter(|line| wanted(line))).copied().collect()
}

#[test]
fn the_container_has_the_rules_of_the_documented_caddyfile() {
    let container = caddy_rules(include_str!("../../../packaging/container/Caddyfile"));
    assert_eq!(container, caddy_rules(include_str!("../../../docs/proxies/Caddyfile")));
    assert!(container.contains(&"format filter {"), "{container:?}");
}

/// A proxy that names no clients, such as nginx without the handbook's lines.
#[test]
fn a_proxy_without_client_addresses_is_logged_once() {
    let server = Vestibule::builder()
        .arg("--guess-rate")
        .arg("5/h")
        .arg("--public-url")
        .arg("https://example.com")
        .start()
        .unwrap();
    let test_server = TestServer::of(server);
    let url = format!("{}{UNKNOWN}", test_server.server.url());
    for _ in 0..8 {
        test_server.client.get(&url).unwrap();
    }
    assert_eq!(
        test_server.server.stderr().matches("does not name its client").count(),
        1,
        "{}",
        test_server.server.stderr()
    );
    // An unused key, from the machine of the proxy.
    assert_eq!(test_server.client.mint(&test_server.server.url(), &test_server.key).unwrap().status, 201);
    assert_eq!(test_server.client.mint(&test_server.server.url(), "a/b").unwrap().status, 429);
}
