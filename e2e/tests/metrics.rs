//! `/metrics`: what happens is counted at once, and only this machine sees the numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use common::Scene;
use vestibule_e2e::Vestibule;

fn metrics(scene: &Scene) -> String {
    let answer = scene.client.get(&format!("{}/metrics", scene.server.url())).unwrap();
    assert_eq!(answer.status, 200);
    assert!(
        answer.header("content-type").is_some_and(|kind| kind.starts_with("application/openmetrics-text"))
    );
    answer.text()
}

/// The number behind these words; 0 where they are not there.
fn number(text: &str, words: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(words)?.strip_prefix(' '));
    line.map_or(0.0, |number| number.parse().expect("a number"))
}

fn is(found: f64, expected: u32) -> bool {
    (found - f64::from(expected)).abs() < f64::EPSILON
}

#[test]
fn what_happens_is_counted_at_once() {
    let scene = Scene::new();
    let created = "vestibule_events_total{host=\"localhost\",action=\"invite.created\"}";
    let answered = "vestibule_http_requests_total{route=\"/invites_api\",method=\"GET\",status=\"201\"}";
    for count in 1..=3 {
        scene.mint();
        let text = metrics(&scene);
        assert!(is(number(&text, created), count), "{count}: {text}");
        assert!(is(number(&text, answered), count), "{count}: {text}");
        assert!(is(number(&text, "vestibule_http_request_seconds_count{route=\"/invites_api\"}"), count));
    }
    assert!(number(&metrics(&scene), "vestibule_store_commit_seconds_count") >= 3.0);
    let wrong = scene.client.mint(&scene.server.url(), "a/b").unwrap();
    assert_eq!(wrong.status, 403);
    assert!(is(number(&metrics(&scene), "vestibule_refusals_total{reason=\"unauthorized\"}"), 1));
}

#[test]
fn no_secret_stands_in_the_numbers() {
    let scene = Scene::new();
    let link = scene.mint();
    assert_eq!(scene.status_of(&link), 200);
    let by_query = format!("{}/invites_api?key={}", scene.server.url(), scene.key);
    assert_eq!(scene.client.get(&by_query).unwrap().status, 201);
    let text = metrics(&scene);
    assert!(text.contains("route=\"/invite/{token}\""), "{text}");
    let (id, secret) = scene.key.split_once('/').unwrap();
    for needle in [id, secret, vestibule_e2e::http::token_of(&link)] {
        assert!(!text.contains(needle), "{needle} in {text}");
    }
}

#[test]
fn what_comes_through_the_proxy_finds_nothing() {
    let scene = Scene::new();
    let url = format!("{}/metrics", scene.server.url());
    let answer = scene.client.send("GET", &url, &[("x-forwarded-for", "198.51.100.7")], None).unwrap();
    assert_eq!(answer.status, 404);
    let server = Vestibule::builder().env("VESTIBULE_METRICS_FROM", "198.51.100.0/24").start().unwrap();
    let url = format!("{}/metrics", server.url());
    assert_eq!(scene.client.get(&url).unwrap().status, 404);
    let answer = scene.client.send("GET", &url, &[("x-forwarded-for", "198.51.100.7")], None).unwrap();
    assert_eq!(answer.status, 200);
}
