//! `/invites_api`: creates an invite for a key.

use std::time::Duration;

use vestibule_core::{Expiry, KeyId, Kind, NewKey};
use vestibule_web::Links;

use super::test_server::{Answer, TestServer, WEEK};

fn bearer(key: &str) -> String {
    format!("Bearer {key}")
}

/// Asserts that the answer has the CORS headers for `origin`, the origin of the request.
fn assert_open_to_other_origins(answer: &Answer, origin: Option<&str>, case: &str) {
    let expected = [
        ("access-control-allow-origin", origin.unwrap_or("*")),
        ("access-control-allow-methods", "GET, OPTIONS"),
        ("access-control-allow-headers", "Content-Type, Authorization"),
        ("access-control-expose-headers", "Location"),
        ("access-control-max-age", "7200"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in expected {
        assert_eq!(answer.header(name), Some(value), "{case}: {name}");
    }
}

#[tokio::test]
async fn a_key_creates_a_link_and_nothing_else() {
    let server = TestServer::open().await;
    let key = server.key().await;
    for method in ["GET", "POST"] {
        let answer = server.send(method, "/invites_api", &[("authorization", &bearer(&key))]).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (201, ""), "{method}");
        let link = answer.header("location").unwrap();
        let token = link.strip_prefix("https://example.com/invite/").unwrap();
        assert!(token.len() == 28 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{method}");
        let (invite, _) = server.invite_service.find(token).await.unwrap().unwrap();
        assert_eq!((invite.kind, invite.max_uses, invite.uses), (Kind::Account, Some(1), 0));
        assert_eq!(invite.expires_at, server.invite_service.now().plus(WEEK));
        let source = format!("api/token/{}", key.split_once('/').unwrap().0);
        assert_eq!(invite.source.as_str(), source);
    }
    assert_eq!(server.minted().await, 2);
}

#[tokio::test]
async fn the_key_is_read_from_the_header_or_the_query() {
    let server = TestServer::open().await;
    let key = server.key().await;
    let id = key.split_once('/').unwrap().0;
    let (good, wrong) = (bearer(&key), bearer(&format!("{id}/wrong")));
    let basic = format!("Basic {key}");
    let table = [
        (String::new(), Some(good.clone()), 201),
        (String::new(), Some(good.replacen("Bearer", "bEARER", 1)), 201),
        (format!("?key={key}"), None, 201),
        (format!("?key={}", key.replace('/', "%2F")), None, 201),
        (format!("?a=b&key={key}&c"), None, 201),
        // The header takes precedence, even if it is invalid.
        ("?key=wrong/wrong".to_owned(), Some(good), 201),
        (format!("?key={key}"), Some(wrong), 403),
        (format!("?key={key}"), Some(basic), 403),
        (format!("?key={key}"), Some(String::new()), 403),
        // The last of several is used.
        (format!("?key=wrong/wrong&key={key}"), None, 201),
        (format!("?key={key}&key=wrong/wrong"), None, 403),
        (format!("?key={id}/wrong"), None, 403),
        (format!("?key={id}"), None, 403),
        (format!("?KEY={key}"), None, 403),
        ("?key=".to_owned(), None, 403),
        (String::new(), None, 403),
    ];
    let mut made = 0;
    for (query, header, status) in table {
        let headers: Vec<_> = header.iter().map(|value| ("authorization", value.as_str())).collect();
        let answer = server.send("GET", &format!("/invites_api{query}"), &headers).await;
        assert_eq!(answer.status.as_u16(), status, "{query} {header:?}");
        assert_eq!(answer.header("location").is_some(), status == 201, "{query} {header:?}");
        assert_eq!(answer.body.contains("API key"), status == 403, "{query} {header:?}");
        made += usize::from(status == 201);
    }
    assert_eq!(server.minted().await, made);
}

#[tokio::test]
async fn a_bookmark_is_redirected_to_the_link() {
    let server = TestServer::open().await;
    let key = server.key().await;
    let table = [
        ("", 201),
        ("&redirect=0", 201),
        ("&redirect=false", 201),
        ("&redirect=no", 201),
        ("&redirect=1", 303),
        ("&redirect=true", 303),
        ("&redirect=yes", 303),
        ("&redirect=", 303),
        ("&redirect", 303),
    ];
    for (query, status) in table {
        let answer = server.get(&format!("/invites_api?key={key}{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (status, ""), "{query}");
        assert!(answer.header("location").unwrap().starts_with("https://example.com/invite/"), "{query}");
    }
}

#[tokio::test]
async fn other_origins_may_read_every_answer() {
    let server = TestServer::open().await;
    let slow = NewKey { rate: Some("1/h".parse().unwrap()), ..NewKey::default() };
    let (key, slow) = (bearer(&server.key().await), bearer(&server.key_with(slow).await));
    server.send("GET", "/invites_api", &[("authorization", &slow)]).await;
    let table = [
        ("GET", "", vec![("authorization", key.as_str())], 201),
        ("GET", "?redirect=1", vec![("authorization", key.as_str())], 303),
        ("GET", "", vec![], 403),
        ("GET", "", vec![("authorization", key.as_str()), ("sec-purpose", "prefetch")], 403),
        ("HEAD", "", vec![("authorization", key.as_str())], 405),
        ("DELETE", "", vec![("authorization", key.as_str())], 405),
        ("GET", "", vec![("authorization", slow.as_str())], 429),
        ("OPTIONS", "", vec![], 200),
        ("OPTIONS", "", vec![("access-control-request-headers", "authorization")], 200),
    ];
    for origin in [None, Some("https://portal.example.net"), Some("null")] {
        for (method, query, headers, status) in &table {
            let mut headers = headers.clone();
            headers.extend(origin.map(|origin| ("origin", origin)));
            let answer = server.send(method, &format!("/invites_api{query}"), &headers).await;
            let case = format!("{method} {query} {status} {origin:?}");
            assert_eq!(answer.status.as_u16(), *status, "{case}");
            assert_open_to_other_origins(&answer, origin, &case);
        }
    }
}

#[tokio::test]
async fn a_prefetch_creates_nothing() {
    let server = TestServer::open().await;
    let key = server.key().await;
    for header in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch;anonymous-client-ip"),
        ("purpose", "prefetch"),
        ("x-purpose", "Prefetch"),
        ("x-moz", "prefetch"),
    ] {
        let answer = server.send("GET", &format!("/invites_api?key={key}&redirect=1"), &[header]).await;
        assert_eq!(answer.status.as_u16(), 403, "{header:?}");
        assert_eq!(answer.header("location"), None, "{header:?}");
        assert!(answer.body.contains("prefetched"), "{header:?}");
    }
    assert_eq!(server.minted().await, 0);
}

#[tokio::test]
async fn other_methods_create_nothing() {
    let server = TestServer::open().await;
    let key = server.key().await;
    for method in ["HEAD", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
        let answer = server.send(method, &format!("/invites_api?key={key}"), &[]).await;
        assert_eq!(answer.status.as_u16(), 405, "{method}");
        assert_eq!(answer.header("allow"), Some("GET, POST, OPTIONS"), "{method}");
        assert_eq!(answer.header("location"), None, "{method}");
        assert_eq!(answer.body.is_empty(), method == "HEAD", "{method}");
    }
    assert_eq!(server.minted().await, 0);
}

#[tokio::test]
async fn a_rate_limited_key_recovers_at_its_rate() {
    let server = TestServer::open().await;
    let rate = Some("2/min".parse().unwrap());
    let key = server.key_with(NewKey { rate, ..NewKey::default() }).await;
    assert_eq!(server.mint_with(&key).await.status.as_u16(), 201);
    assert_eq!(server.mint_with(&key).await.status.as_u16(), 201);
    for (wait, retry_after) in [(0, "30"), (29, "1")] {
        server.advance(Duration::from_secs(wait));
        let answer = server.mint_with(&key).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some(retry_after)));
        assert!(answer.body.contains(&format!("{retry_after} s")), "{}", answer.body);
    }
    server.advance(Duration::from_secs(1));
    assert_eq!(server.mint_with(&key).await.status.as_u16(), 201);
    assert_eq!(server.mint_with(&key).await.status.as_u16(), 429);
    assert_eq!(server.minted().await, 3);
    // Another key has its own rate.
    assert_eq!(server.mint_with(&server.key().await).await.status.as_u16(), 201);
}

#[tokio::test]
async fn an_expired_or_deleted_key_is_invalid() {
    let server = TestServer::open().await;
    let expiry = Expiry::In(Duration::from_hours(1));
    let (short, long) = (server.key_with(NewKey { expiry, ..NewKey::default() }).await, server.key().await);
    server.advance(Duration::from_millis(3_599_999));
    assert_eq!(server.mint_with(&short).await.status.as_u16(), 201);
    server.advance(Duration::from_millis(1));
    assert_eq!(server.mint_with(&short).await.status.as_u16(), 403);
    assert_eq!(server.mint_with(&long).await.status.as_u16(), 201);
    let id = KeyId::parse(long.split_once('/').unwrap().0).unwrap();
    server.invite_service.store().delete_key(&server.operator, &id).await.unwrap();
    assert_eq!(server.mint_with(&long).await.status.as_u16(), 403);
    assert_eq!(server.minted().await, 2);
}

#[tokio::test]
async fn a_key_without_the_scope_creates_nothing() {
    let server = TestServer::open().await;
    let scopes = "invites:read,invites:manage,redeem,keys:manage".parse().unwrap();
    let key = server.key_with(NewKey { scopes, ..NewKey::default() }).await;
    let answer = server.mint_with(&key).await;
    assert_eq!(answer.status.as_u16(), 403);
    assert!(answer.body.contains("lacks the scope invites:create"), "{}", answer.body);
    assert_eq!(server.minted().await, 0);
}

#[tokio::test]
async fn a_create_refused_temporarily_works_later() {
    let server = TestServer::open().await;
    let key = server.key().await;
    server.break_randomness(true);
    let answer = server.mint_with(&key).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("5")));
    assert_open_to_other_origins(&answer, None, "503");
    assert_eq!((answer.header("location"), server.minted().await), (None, 0));
    server.break_randomness(false);
    assert_eq!(server.mint_with(&key).await.status.as_u16(), 201);
}

#[tokio::test]
async fn a_host_can_have_an_external_landing_page() {
    let mut links = Links::new("https://example.com").unwrap();
    links.set_external("example.com", "https://join.example.net/?h={host}&u={uri}&t=/{token}");
    let server = TestServer::with(links, None).await;
    let answer = server.mint_with(&server.key().await).await;
    let token = answer.token();
    let uri = format!("xmpp%3Aexample.com%3Fregister%3Bpreauth%3D{token}");
    let expected = format!("https://join.example.net/?h=example.com&u={uri}&t=/{token}");
    assert_eq!(answer.header("location"), Some(expected.as_str()));
}
