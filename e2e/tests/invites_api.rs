//! `/invites_api` and the pages of its links.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::time::Duration;

use common::{HOST, TestServer, eventually};
use vestibule_e2e::Vestibule;
use vestibule_e2e::http::{Response, path_of, token_of};

/// Asserts that clients find the `xmpp:` URI in the page.
fn assert_page_of(answer: &Response, host: &str, link: &str) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let uri = format!("<xmpp:{host}?register;preauth={}>; rel=\"alternate\"", token_of(link));
    assert_eq!(answer.all("link"), [uri.as_str()]);
    assert_eq!(answer.all("access-control-allow-origin"), ["*"]);
    assert_eq!(answer.all("access-control-expose-headers"), ["Link"]);
    assert_eq!(answer.all("cache-control"), ["private, no-cache"]);
    assert_eq!(answer.all("referrer-policy"), ["no-referrer"]);
    assert!(answer.header("content-security-policy").is_some(), "{answer:?}");
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{answer:?}");
}

#[test]
fn a_link_opens_with_the_headers_for_clients() {
    let test_server = TestServer::new();
    let answer = test_server.client.mint(&test_server.server.url(), &test_server.key).unwrap();
    assert_eq!((answer.status, answer.body.len()), (201, 0));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let link = answer.location().expect("a Location").to_owned();
    assert!(link.starts_with("http://") && path_of(&link).starts_with("/invite/"), "{link}");
    let token = token_of(&link);
    assert!(token.len() >= 20 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");

    let page = test_server.client.open(&test_server.server.url(), &link).unwrap();
    assert_page_of(&page, HOST, &link);
    assert!(page.text().contains(token), "the page contains the link for apps");
    let head = test_server.client.head(&format!("{}{}", test_server.server.url(), path_of(&link))).unwrap();
    assert_page_of(&head, HOST, &link);
    assert!(head.body.is_empty());
}

#[test]
fn viewing_a_page_never_uses_the_invite() {
    let test_server = TestServer::new();
    let link = test_server.mint();
    for _ in 0..5 {
        assert_eq!(test_server.status_of(&link), 200);
    }
    assert_eq!(test_server.invites()[0]["uses"], 0);
    assert_eq!(test_server.invites()[0]["state"], "pending");
}

#[test]
fn get_and_post_create_and_redirect_on_request() {
    let test_server = TestServer::new();
    let bearer = format!("Bearer {}", test_server.key);
    for (method, query, status) in [
        ("GET", "", 201),
        ("POST", "", 201),
        ("GET", "?redirect=true", 303),
        ("POST", "?redirect=yes", 303),
        ("GET", "?redirect=0", 201),
        ("GET", "?redirect=false", 201),
        ("GET", "?redirect=no", 201),
    ] {
        let url = format!("{}/invites_api{query}", test_server.server.url());
        let body: Option<&[u8]> = (method == "POST").then_some(b"");
        let answer = test_server.client.send(method, &url, &[("authorization", &bearer)], body).unwrap();
        assert_eq!(answer.status, status, "{method} {query}");
        let link = answer.location().expect("a Location");
        assert_eq!(test_server.status_of(link), 200, "{method} {query}");
    }
    assert_eq!(test_server.invites().len(), 7);
}

#[test]
fn the_default_invite_is_for_one_account_and_a_week() {
    let test_server = TestServer::new();
    let link = test_server.mint();
    let id = test_server.key.split('/').next().unwrap();
    let invite = &test_server.invites()[0];
    assert_eq!(invite["host"], HOST);
    assert_eq!(invite["kind"], "account");
    assert_eq!(invite["max_uses"], 1);
    assert_eq!(invite["source"], format!("api/token/{id}"));
    assert_eq!(invite["url"], link.as_str());
    let time = |field: &str| invite[field].as_str().unwrap_or_default().to_owned();
    assert!(time("created_at") < time("expires_at"), "{invite}");
}

#[test]
fn an_unknown_token_has_its_page() {
    let test_server = TestServer::new();
    for token in ["nonsense", "AAAAAAAAAAAAAAAAAAAAAAAA", "%00", "%FF%FE", "..%2F..%2Fetc", "-", "é"] {
        let path = format!("/invite/{}", token.replace('é', "%C3%A9"));
        let answer = test_server.client.open(&test_server.server.url(), &path).unwrap();
        assert_eq!(answer.status, 404, "{token}");
        assert!(answer.header("link").is_none(), "{token}");
        assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{token}");
        assert!(answer.body.len() > 100, "a page for people: {token}");
    }
}

#[test]
fn a_revoked_invite_stops_working_immediately() {
    let test_server = TestServer::new();
    let (by_token, by_id) = (test_server.mint(), test_server.mint());
    let id = test_server.invites()[0]["id"].as_str().unwrap().to_owned();
    test_server.done(&["invites", "revoke", HOST, token_of(&by_token)]);
    assert_eq!(test_server.status_of(&by_token), 404);
    assert_eq!(test_server.status_of(&by_id), 200);
    test_server.done(&["invites", "revoke", HOST, &id]);
    assert_eq!(test_server.status_of(&by_id), 404);
}

#[test]
fn an_expired_invite_is_not_found() {
    let test_server = TestServer::new();
    let link = test_server.done(&["invites", "create", HOST, "--expires", "1s"]);
    eventually("the invite expires", Duration::from_secs(10), || test_server.status_of(&link) == 404);
    assert_eq!(test_server.invites()[0]["state"], "expired");
}

#[test]
fn heads_prefetches_and_refusals_create_nothing() {
    let test_server = TestServer::new();
    let url = format!("{}/invites_api?key={}", test_server.server.url(), test_server.key);
    let bare = format!("{}/invites_api", test_server.server.url());
    let wrong = format!("{bare}?key={}x", test_server.key);
    for (method, url, header, status) in [
        ("HEAD", &url, ("x-nothing", "1"), 405),
        ("PUT", &url, ("x-nothing", "1"), 405),
        ("DELETE", &url, ("x-nothing", "1"), 405),
        ("GET", &url, ("sec-purpose", "prefetch"), 403),
        ("GET", &url, ("sec-purpose", "prefetch;prerender"), 403),
        ("GET", &url, ("purpose", "prefetch"), 403),
        ("GET", &bare, ("x-nothing", "1"), 403),
        ("GET", &wrong, ("x-nothing", "1"), 403),
        ("OPTIONS", &url, ("origin", "https://portal.example"), 200),
    ] {
        let answer = test_server.client.send(method, url, &[header], None).unwrap();
        assert_eq!(answer.status, status, "{method} {header:?}");
        assert_eq!(answer.location(), None, "{method} {header:?}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{method} {header:?}");
    }
    assert_eq!(test_server.invites().len(), 0);
}

#[test]
fn a_deleted_key_stops_working_immediately() {
    let test_server = TestServer::new();
    test_server.mint();
    test_server.done(&["keys", "delete", HOST, test_server.key.split('/').next().unwrap()]);
    assert_eq!(test_server.client.mint(&test_server.server.url(), &test_server.key).unwrap().status, 403);
    assert_eq!(test_server.invites().len(), 1);
}

#[test]
fn a_key_creates_invites_for_its_own_host_only() {
    let server = Vestibule::builder().host("a.example").host("b.example").start().unwrap();
    let client = vestibule_e2e::http::Client::new();
    for host in ["a.example", "b.example"] {
        let key = server.create_key(host).unwrap();
        let answer = client.mint(&server.url(), &key).unwrap();
        let link = answer.location().expect("a Location");
        assert_page_of(&client.open(&server.url(), link).unwrap(), host, link);
    }
}

#[test]
fn a_key_over_its_rate_is_limited() {
    let test_server = TestServer::new();
    let key = test_server.server.create_key_with(HOST, &["slow", "--rate", "2/min"]).unwrap();
    let url = test_server.server.url();
    for _ in 0..2 {
        assert_eq!(test_server.client.mint(&url, &key).unwrap().status, 201);
    }
    let answer = test_server.client.mint(&url, &key).unwrap();
    assert_eq!(answer.status, 429);
    let seconds: u32 = answer.header("retry-after").expect("Retry-After").parse().expect("whole seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    test_server.mint();
}

#[test]
fn an_expired_key_is_refused() {
    let test_server = TestServer::new();
    let key = test_server.server.create_key_with(HOST, &["short", "--expires", "2s"]).unwrap();
    let url = test_server.server.url();
    assert_eq!(test_server.client.mint(&url, &key).unwrap().status, 201);
    eventually("the key expires", Duration::from_secs(10), || {
        let status = test_server.client.mint(&url, &key).unwrap().status;
        assert!(status == 201 || status == 403, "{status}");
        status == 403
    });
}

#[test]
fn a_key_without_the_scope_is_refused() {
    let test_server = TestServer::new();
    let url = test_server.server.url();
    for (scope, status) in [("invites:read", 403), ("invites:create", 201), ("bridge", 201)] {
        let key = test_server.server.create_key_with(HOST, &["scoped", "--scope", scope]).unwrap();
        assert_eq!(test_server.client.mint(&url, &key).unwrap().status, status, "{scope}");
    }
}

#[test]
fn a_secret_never_reaches_the_disk_or_the_log() {
    let mut test_server = TestServer::of(Vestibule::builder().env("RUST_LOG", "debug").start().unwrap());
    let links = [test_server.mint(), test_server.done(&["invites", "create", HOST])];
    let secret = test_server.key.split('/').nth(1).unwrap().to_owned();
    test_server.all_open(&links, "before the search");
    test_server.server.terminate().unwrap();
    let mut places = vec![("the log".to_owned(), test_server.server.stderr().into_bytes())];
    for entry in std::fs::read_dir(test_server.server.data_dir()).unwrap() {
        let path = entry.unwrap().path();
        places.push((path.display().to_string(), std::fs::read(&path).unwrap()));
    }
    assert!(places.len() > 2, "at least the database and the seal key");
    for needle in [secret.as_str(), token_of(&links[0]), token_of(&links[1])] {
        for (place, bytes) in &places {
            let found = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
            assert!(!found, "a secret in plain text in {place}");
        }
    }
}
