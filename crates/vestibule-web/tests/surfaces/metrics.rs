//! `/metrics`: its values, and access to it.

use vestibule_core::Draft;
use vestibule_web::{BruteForceLimiter, HttpState, Links, Networks};

use super::{
    messages::message,
    test_server::{HOST, TestServer},
};

impl TestServer {
    async fn metrics(&self) -> String {
        let answer = self.get("/metrics").await;
        assert_eq!(answer.status.as_u16(), 200);
        answer.body
    }

    /// Asserts that the metrics contain `line`.
    async fn assert_contains(&self, line: &str) {
        let text = self.metrics().await;
        assert!(text.lines().any(|found| found == line), "no {line} in:\n{text}");
    }
}

async fn server(http_state: HttpState) -> TestServer {
    TestServer::behind(http_state, Links::new("https://example.com/join").unwrap(), None).await
}

#[tokio::test]
async fn metrics_are_uncached_text() {
    let answer = TestServer::open().await.get("/metrics").await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(
        answer.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.body.ends_with("# EOF\n"), "{}", answer.body);
}

#[tokio::test]
async fn a_mint_is_counted_at_once_with_or_without_the_path() {
    let server = server(HttpState::default()).await;
    let key = server.key().await;
    for (nth, prefix) in ["", "/join"].into_iter().enumerate() {
        let answer = server.get(&format!("{prefix}/invites_api?key={key}")).await;
        assert_eq!(answer.status.as_u16(), 201);
        let count = nth + 1;
        let route = "route=\"/invites_api\"";
        for line in [
            format!("vestibule_http_requests_total{{{route},method=\"GET\",status=\"201\"}} {count}"),
            format!("vestibule_http_request_seconds_count{{{route}}} {count}"),
            format!("vestibule_events_total{{host=\"{HOST}\",action=\"invite.created\"}} {count}"),
        ] {
            server.assert_contains(&line).await;
        }
    }
    // The request for the metrics.
    server.assert_contains("vestibule_http_requests_under_way 1").await;
}

#[tokio::test]
async fn refusals_are_counted_by_reason() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    server.redeem(&minted, "bob").await;
    for (path, reason) in [
        ("/invites_api?key=a/b", "unauthorized"),
        ("/invite/nonsense", "token-unknown"),
        (&format!("/invite/{}", minted.token.expose()), "token-used"),
    ] {
        server.get(path).await;
        server.assert_contains(&format!("vestibule_refusals_total{{reason=\"{reason}\"}} 1")).await;
    }
    let key = server.key().await;
    server.break_randomness(true);
    assert_eq!(server.mint_with(&key).await.status.as_u16(), 503);
    server.assert_contains("vestibule_refusals_total{reason=\"unavailable\"} 1").await;
}

#[tokio::test]
async fn rejected_requests_are_counted() {
    let server =
        server(HttpState { limiter: BruteForceLimiter::new("1/min".parse().ok()), ..HttpState::default() })
            .await;
    for status in [404, 429, 429] {
        assert_eq!(server.get("/invite/AAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.status.as_u16(), status);
    }
    server.assert_contains("vestibule_guard_rejections_total 2").await;
    let line = "vestibule_http_requests_total{route=\"/invite/{token}\",method=\"GET\",status=\"429\"} 2";
    server.assert_contains(line).await;
}

#[tokio::test]
async fn labels_contain_no_text_of_clients() {
    let server = TestServer::open().await;
    let (key, token) = (server.key().await, server.mint(Draft::default()).await.token);
    let (secret, token) = (key.split_once('/').unwrap().1, token.expose());
    for path in [format!("/invite/{token}"), format!("/wp-admin/{secret}"), format!("/static/{token}")] {
        server.send("GET", &path, &[("authorization", &key)]).await;
        server.send("BREW", &path, &[]).await;
    }
    let text = server.metrics().await;
    for made_up in [secret, token, "wp-admin", "BREW"] {
        assert!(!text.contains(made_up), "{made_up} in:\n{text}");
    }
    server
        .assert_contains("vestibule_http_requests_total{route=\"other\",method=\"other\",status=\"404\"} 1")
        .await;
}

#[tokio::test]
async fn other_networks_get_not_found() {
    let table = [
        ("127.0.0.1", vec![], 200),
        ("::1", vec![], 200),
        ("::ffff:127.0.0.1", vec![], 200),
        ("198.51.100.7", vec![], 404),
        ("198.51.100.7", vec![("x-forwarded-for", "127.0.0.1")], 404),
        ("127.0.0.1", vec![("x-forwarded-for", "198.51.100.7")], 404),
        ("127.0.0.1", vec![("x-forwarded-for", "127.0.0.1, 198.51.100.7")], 404),
        ("127.0.0.1", vec![("x-forwarded-for", "nonsense")], 404),
        ("127.0.0.1", vec![("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=127.0.0.1")], 404),
    ];
    let server = server(HttpState::default()).await;
    for (peer, headers, status) in table {
        for path in ["/metrics", "/join/metrics"] {
            let answer = server.send_from(peer, "GET", path, &headers).await;
            assert_eq!(answer.status.as_u16(), status, "{peer} {headers:?}");
            assert_eq!(
                answer.body.contains(&message("missing-heading", &[])),
                status == 404,
                "{}",
                answer.body
            );
        }
    }
}

#[tokio::test]
async fn the_allowed_networks_are_configurable() {
    let metrics_from = Networks::read(["198.51.100.0/24"]).unwrap();
    let server = server(HttpState { metrics_from, ..HttpState::default() }).await;
    for (peer, status) in [("127.0.0.1", 404), ("198.51.100.7", 200)] {
        let answer = server.send_from(peer, "GET", "/metrics", &[]).await;
        assert_eq!(answer.status.as_u16(), status, "{peer}");
    }
}

#[tokio::test]
async fn pending_invites_are_counted_on_request() {
    let server = TestServer::open().await;
    let pending = async || {
        let text = server.get("/metrics").await.body;
        let line =
            text.lines().find(|line| line.starts_with("vestibule_invites_pending{")).unwrap().to_owned();
        line.rsplit_once(' ').unwrap().1.parse::<u32>().unwrap()
    };
    assert_eq!(pending().await, 0);
    server.mint(Draft::default()).await;
    let mut counted = pending().await;
    // A count is repeated after an interval that depends on its duration.
    while counted == 0 {
        tokio::task::yield_now().await;
        counted = pending().await;
    }
    assert_eq!(counted, 1);
}
