//! `/metrics`: events are counted immediately, and only this machine can read the metrics.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use common::TestServer;
use vestibule_e2e::Vestibule;

fn metrics(test_server: &TestServer) -> String {
    let answer = test_server.client.get(&format!("{}/metrics", test_server.server.url())).unwrap();
    assert_eq!(answer.status, 200);
    assert!(
        answer.header("content-type").is_some_and(|kind| kind.starts_with("application/openmetrics-text"))
    );
    answer.text()
}

/// Returns the value of the line that begins with `series`; 0 without such a line.
fn number(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0.0, |number| number.parse().expect("a number"))
}

fn is(found: f64, expected: u32) -> bool {
    (found - f64::from(expected)).abs() < f64::EPSILON
}

#[test]
fn events_are_counted_immediately() {
    let test_server = TestServer::new();
    let created = "vestibule_events_total{host=\"localhost\",action=\"invite.created\"}";
    let answered = "vestibule_http_requests_total{route=\"/invites_api\",method=\"GET\",status=\"201\"}";
    for count in 1..=3 {
        test_server.mint();
        let text = metrics(&test_server);
        assert!(is(number(&text, created), count), "{count}: {text}");
        assert!(is(number(&text, answered), count), "{count}: {text}");
        assert!(is(number(&text, "vestibule_http_request_seconds_count{route=\"/invites_api\"}"), count));
    }
    assert!(number(&metrics(&test_server), "vestibule_store_commit_seconds_count") >= 3.0);
    let wrong = test_server.client.mint(&test_server.server.url(), "a/b").unwrap();
    assert_eq!(wrong.status, 403);
    assert!(is(number(&metrics(&test_server), "vestibule_refusals_total{reason=\"unauthorized\"}"), 1));
}

#[test]
fn metrics_contain_no_secrets() {
    let test_server = TestServer::new();
    let link = test_server.mint();
    assert_eq!(test_server.status_of(&link), 200);
    let by_query = format!("{}/invites_api?key={}", test_server.server.url(), test_server.key);
    assert_eq!(test_server.client.get(&by_query).unwrap().status, 201);
    let text = metrics(&test_server);
    assert!(text.contains("route=\"/invite/{token}\""), "{text}");
    let (id, secret) = test_server.key.split_once('/').unwrap();
    for needle in [id, secret, vestibule_e2e::http::token_of(&link)] {
        assert!(!text.contains(needle), "{needle} in {text}");
    }
}

#[test]
fn proxied_requests_cannot_read_metrics() {
    let test_server = TestServer::new();
    let url = format!("{}/metrics", test_server.server.url());
    let answer = test_server.client.send("GET", &url, &[("x-forwarded-for", "198.51.100.7")], None).unwrap();
    assert_eq!(answer.status, 404);
    let server = Vestibule::builder().env("VESTIBULE_METRICS_FROM", "198.51.100.0/24").start().unwrap();
    let url = format!("{}/metrics", server.url());
    assert_eq!(test_server.client.get(&url).unwrap().status, 404);
    let answer = test_server.client.send("GET", &url, &[("x-forwarded-for", "198.51.100.7")], None).unwrap();
    assert_eq!(answer.status, 200);
}
