//! The limiter slows down clients that guess tokens or keys, and no others.

use std::time::Duration;

use vestibule_core::Draft;
use vestibule_web::{BruteForceLimiter, ClientAddressSource, HttpState, Links, Networks};

use super::test_server::{Answer, TestServer};

const BAD: &str = "198.51.100.7";
const GOOD: &str = "198.51.100.8";
/// The address of an unknown invite.
const UNKNOWN: &str = "/invite/AAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A server behind a trusted proxy that permits three guesses a minute.
async fn server() -> TestServer {
    strict(Networks::default(), "https://example.com").await
}

async fn strict(trusted_proxies: Networks, url: &str) -> TestServer {
    let limiter = BruteForceLimiter::new("3/min".parse().ok());
    let http_state = HttpState { trusted_proxies, limiter, ..HttpState::default() };
    TestServer::behind(http_state, Links::new(url).unwrap(), None).await
}

impl TestServer {
    async fn get_as(&self, client: &str, path: &str) -> Answer {
        self.send("GET", path, &[("x-forwarded-for", client)]).await
    }

    async fn mint_as(&self, client: &str, key: &str) -> Answer {
        let bearer = format!("Bearer {key}");
        self.send("GET", "/invites_api", &[("x-forwarded-for", client), ("authorization", &bearer)]).await
    }
}

#[tokio::test]
async fn unknown_keys_limit_their_address_until_it_has_waited() {
    let server = server().await;
    let key = server.key().await;
    let wrong = format!("{}/wrong", key.split_once('/').unwrap().0);
    for _ in 0..3 {
        assert_eq!(server.mint_as(BAD, &wrong).await.status.as_u16(), 403);
    }
    for key in [&wrong, &key] {
        let answer = server.mint_as(BAD, key).await;
        assert_eq!(answer.status.as_u16(), 429);
        assert_eq!(answer.header("retry-after"), Some("20"));
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.body.contains("try again in 20 s"), "{}", answer.body);
    }
    assert_eq!(server.minted().await, 0);
    assert_eq!(server.mint_as(GOOD, &key).await.status.as_u16(), 201);
    server.advance(Duration::from_secs(20));
    assert_eq!(server.mint_as(BAD, &key).await.status.as_u16(), 201);
}

#[tokio::test]
async fn every_way_to_present_a_key_is_limited() {
    let server = server().await;
    let key = server.key().await;
    for path in ["/invites_api?key=a/b", "/invites_api?%6bey=a/b", "/invites_api?redirect&key=nonsense"] {
        assert_eq!(server.get_as(BAD, path).await.status.as_u16(), 403, "{path}");
    }
    for path in ["key", "%6bey", "redirect&key"] {
        let path = format!("/invites_api?{path}={key}");
        assert_eq!(server.get_as(BAD, &path).await.status.as_u16(), 429, "{path}");
    }
    assert_eq!(server.minted().await, 0);
}

#[tokio::test]
async fn unknown_tokens_limit_their_address_with_a_page() {
    let server = server().await;
    let token = server.mint(Draft::default()).await.token;
    let page = format!("/invite/{}", token.expose());
    for rest in ["", "/register", "?lang=de"] {
        assert_eq!(server.get_as(BAD, &format!("{UNKNOWN}{rest}")).await.status.as_u16(), 404);
    }
    let answer = server.get_as(BAD, &page).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some("20")));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(answer.body.contains("Please wait a moment"), "{}", answer.body);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(server.get_as(GOOD, &page).await.status.as_u16(), 200);
}

#[tokio::test]
async fn requests_without_a_secret_are_not_limited() {
    let server = server().await;
    for _ in 0..10 {
        assert_eq!(server.get_as(BAD, "/invites_api").await.status.as_u16(), 403);
        assert_eq!(server.get_as(BAD, "/nothing").await.status.as_u16(), 404);
        // A text without the form of a token is no guess.
        assert_eq!(server.get_as(BAD, "/invite/nonsense").await.status.as_u16(), 404);
        assert_eq!(server.get_as(BAD, "/invite/%FF/register").await.status.as_u16(), 404);
        // A redirect reads no invite.
        assert_eq!(server.get_as(BAD, &format!("{UNKNOWN}.")).await.status.as_u16(), 303);
    }
    for _ in 0..3 {
        assert_eq!(server.get_as(BAD, UNKNOWN).await.status.as_u16(), 404);
    }
    assert_eq!(server.get_as(BAD, UNKNOWN).await.status.as_u16(), 429);
    assert_eq!(server.get_as(BAD, "/healthz").await.status.as_u16(), 200);
    assert_eq!(server.get_as(BAD, "/invites_api").await.status.as_u16(), 403);
    let preflight = [("x-forwarded-for", BAD), ("origin", "https://portal.example")];
    assert_eq!(server.send("OPTIONS", "/invites_api?key=a/b", &preflight).await.status.as_u16(), 200);
}

#[tokio::test]
async fn tokens_of_ended_invites_do_not_count_as_guesses() {
    let server = server().await;
    let minted = server.mint(Draft::default()).await;
    server.redeem(&minted, "bob").await;
    for _ in 0..10 {
        let path = format!("/invite/{}", minted.token.expose());
        assert_eq!(server.get_as(BAD, &path).await.status.as_u16(), 404);
    }
}

#[tokio::test]
async fn the_limiter_counts_below_the_base_path_too() {
    let server = strict(Networks::default(), "https://example.com/join").await;
    for prefix in ["", "/join", ""] {
        assert_eq!(server.get_as(BAD, &format!("{prefix}{UNKNOWN}")).await.status.as_u16(), 404);
    }
    for prefix in ["", "/join"] {
        assert_eq!(server.get_as(BAD, &format!("{prefix}{UNKNOWN}")).await.status.as_u16(), 429);
        let answer = server.get_as(BAD, &format!("{prefix}/invites_api?key=a/b")).await;
        assert_eq!(answer.status.as_u16(), 429);
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    }
}

#[tokio::test]
async fn an_untrusted_peer_cannot_name_a_client() {
    let server = server().await;
    for client in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        let headers = [("x-forwarded-for", client)];
        assert_eq!(server.send_from(BAD, "GET", UNKNOWN, &headers).await.status.as_u16(), 404);
    }
    let headers = [("x-forwarded-for", "192.0.2.4")];
    assert_eq!(server.send_from(BAD, "GET", UNKNOWN, &headers).await.status.as_u16(), 429);
    assert_eq!(server.get_as("192.0.2.1", UNKNOWN).await.status.as_u16(), 404);
}

#[tokio::test]
async fn without_trusted_proxies_the_peer_counts() {
    let server = strict(Networks::read([]).unwrap(), "https://example.com").await;
    for client in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        assert_eq!(server.get_as(client, UNKNOWN).await.status.as_u16(), 404);
    }
    assert_eq!(server.get_as("192.0.2.4", UNKNOWN).await.status.as_u16(), 429);
}

#[tokio::test]
async fn the_addresses_of_one_client_count_together() {
    let server = server().await;
    for client in ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:0:0:3"] {
        assert_eq!(server.get_as(client, UNKNOWN).await.status.as_u16(), 404);
    }
    assert_eq!(server.get_as("2001:db8::4", UNKNOWN).await.status.as_u16(), 429);
    assert_eq!(server.get_as("2001:db8:0:1::4", UNKNOWN).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_recently_valid_key_is_never_limited() {
    let server = server().await;
    let key = server.key().await;
    assert_eq!(server.mint_as(GOOD, &key).await.status.as_u16(), 201);
    let id = key.split_once('/').unwrap().0;
    for n in 0..3 {
        assert_eq!(server.mint_as(BAD, &format!("{id}/wrong{n}")).await.status.as_u16(), 403);
    }
    for _ in 0..20 {
        assert_eq!(server.mint_as(BAD, &key).await.status.as_u16(), 201);
        // The ID alone reveals nothing, and neither does an unknown key.
        for wrong in [format!("{id}/wrong"), "unknown/wrong".to_owned()] {
            let answer = server.mint_as(BAD, &wrong).await;
            assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some("20")), "{wrong}");
        }
    }
}

#[tokio::test]
async fn a_recent_key_that_was_deleted_is_refused() {
    let server = server().await;
    let key = server.key().await;
    assert_eq!(server.mint_as(BAD, &key).await.status.as_u16(), 201);
    let id = vestibule_core::PresentedKey::parse(&key).unwrap().id;
    server.invite_service.store().delete_key(&server.operator, &id).await.unwrap();
    for status in [403, 403, 403, 429, 429] {
        assert_eq!(server.mint_as(BAD, &key).await.status.as_u16(), status);
    }
}

/// Exhausts the limit of clients that send these headers through the proxy, and asserts that the bridge, which is on
/// the proxy's machine and has an unused key, is served.
async fn assert_bridge_is_let_in(http_state: HttpState, headers: &[(&str, &str)]) {
    let http_state = HttpState { limiter: BruteForceLimiter::new("3/min".parse().ok()), ..http_state };
    let server = TestServer::behind(http_state, Links::new("https://example.com").unwrap(), None).await;
    let (key, new_key) = (server.key().await, server.key().await);
    for status in [404, 404, 404, 429, 429] {
        assert_eq!(server.send("GET", UNKNOWN, headers).await.status.as_u16(), status, "{headers:?}");
    }
    for n in 0..20 {
        let wrong = server.mint_with(&format!("a/wrong{n}")).await;
        assert!(matches!(wrong.status.as_u16(), 403 | 429), "{headers:?}: {wrong:?}");
        assert_eq!(server.mint_with(&key).await.status.as_u16(), 201, "{headers:?}");
    }
    assert_eq!(server.mint_with("a/wrong").await.status.as_u16(), 429);
    assert_eq!(server.mint_with(&new_key).await.status.as_u16(), 201, "{headers:?}");
}

#[tokio::test]
async fn clients_of_a_proxy_cannot_lock_out_the_bridge() {
    use ClientAddressSource::{Forwarded, XForwardedFor, XRealIp};
    let by = |client_address| HttpState { client_address, ..HttpState::default() };
    for (source, headers) in [
        (XForwardedFor, &[("x-forwarded-for", BAD), ("forwarded", "x")][..]),
        (XForwardedFor, &[("x-forwarded-for", BAD), ("forwarded", "for=127.0.0.1")]),
        (XForwardedFor, &[("x-forwarded-for", "127.0.0.1, nonsense")]),
        (XForwardedFor, &[("forwarded", "for=127.0.0.1")]),
        (XForwardedFor, &[]),
        (Forwarded, &[("forwarded", "for=198.51.100.7"), ("x-forwarded-for", "127.0.0.1")]),
        (Forwarded, &[("forwarded", "x")]),
        (XRealIp, &[("x-real-ip", BAD), ("x-forwarded-for", "127.0.0.1")]),
        (XRealIp, &[("x-real-ip", "nonsense")]),
        (ClientAddressSource::None, &[("x-forwarded-for", BAD)]),
    ] {
        assert_bridge_is_let_in(by(source), headers).await;
    }
}

#[tokio::test]
async fn only_the_configured_header_tells_clients_apart() {
    let server = server().await;
    let as_client = |client: &'static str, forwarded: &'static str| {
        let headers = [("x-forwarded-for", client), ("forwarded", forwarded)];
        let server = &server;
        async move { server.send("GET", UNKNOWN, &headers).await.status.as_u16() }
    };
    for (forwarded, status) in
        [("x", 404), ("for=192.0.2.1", 404), ("for=192.0.2.2", 404), ("for=192.0.2.3", 429)]
    {
        assert_eq!(as_client(BAD, forwarded).await, status, "{forwarded}");
    }
    assert_eq!(as_client(GOOD, "for=198.51.100.7").await, 404);
}
