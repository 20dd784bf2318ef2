//! Problems without a field: wrong paths and methods, rates and outages.

use std::{collections::HashSet, time::Duration};

use serde_json::{Value, json};
use vestibule_core::NewKey;
use vestibule_web::Links;

use super::super::test_server::TestServer;

#[tokio::test]
async fn every_response_has_its_own_request_id() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let mut names = HashSet::new();
    for (method, path) in
        [("GET", "/v1/invites"), ("POST", "/v1/invites"), ("GET", "/v1/x"), ("PUT", "/v1/keys")]
    {
        for broken in [false, true] {
            server.break_randomness(broken);
            for headers in [vec![], vec![("authorization", format!("Bearer {key}"))]] {
                let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let answer = server.send(method, path, &headers).await;
                let name = answer.header("x-request-id").unwrap().to_owned();
                assert_eq!(name.len(), 26, "{method} {path}: {name}");
                assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
                assert_eq!(answer.header("cache-control"), Some("no-store"));
                assert!(names.insert(name), "{method} {path}: the same name twice");
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_path_is_a_problem() {
    let server = TestServer::with(Links::new("https://example.com/join").unwrap(), None).await;
    for prefix in ["", "/join"] {
        for path in ["/v1", "/v1/", "/v1//", "/v1/x", "/v1/invites/a/b", "/v1/%FF"] {
            for method in ["GET", "POST", "DELETE", "BREW"] {
                let answer = server.send(method, &format!("{prefix}{path}"), &[]).await;
                answer.problem(404, "not-found", &[], &format!("{method} {prefix}{path}"));
            }
        }
    }
}

#[tokio::test]
async fn an_unsupported_method_is_a_problem() {
    let server = TestServer::open().await;
    let table = [
        ("PUT", "/v1/invites", ["GET", "HEAD", "POST"].as_slice()),
        ("GET", "/v1/invites/batch", &["POST"]),
        ("POST", "/v1/invites/x", &["DELETE", "GET", "HEAD", "PATCH"]),
        ("OPTIONS", "/v1/redemptions", &["POST"]),
        ("PATCH", "/v1/redemptions/x", &["DELETE"]),
        ("GET", "/v1/redemptions/x/complete", &["POST"]),
        ("TRACE", "/v1/keys", &["GET", "HEAD", "POST"]),
        ("POST", "/v1/events", &["GET", "HEAD"]),
    ];
    for (method, path, allowed) in table {
        let answer = server.send(method, path, &[]).await;
        answer.problem(405, "method-not-allowed", &[], path);
        let mut allow: Vec<_> = answer.header("allow").unwrap().split(',').map(str::trim).collect();
        allow.sort_unstable();
        assert_eq!(allow, allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn a_key_above_its_rate_has_to_wait() {
    let server = TestServer::open().await;
    let slow = NewKey { scopes: "bridge".parse().unwrap(), rate: "2/min".parse().ok(), ..NewKey::default() };
    let key = server.key_with(slow).await;
    server.create(&key, Value::Null).await;
    server.json("GET", "/v1/keys", &key, Value::Null).await.ok(200);
    let paths = ["/v1/invites", "/v1/keys", "/v1/events", "/v1/usernames/bob", "/v1/invites?limit=1"];
    for (wait, retry_after) in [(0, "30"), (29, "1")] {
        server.advance(Duration::from_secs(wait));
        for path in paths {
            let answer = server.json("GET", path, &key, Value::Null).await;
            answer.problem(429, "rate-limited", &[], path);
            assert_eq!(answer.header("retry-after"), Some(retry_after), "{path}");
        }
        let answer = server.json("POST", "/v1/invites", &key, json!({})).await;
        answer.problem(429, "rate-limited", &[], "POST");
    }
    assert_eq!(server.minted().await, 1);
    server.advance(Duration::from_secs(1));
    server.create(&key, Value::Null).await;
    server.json("GET", "/v1/keys", &key, Value::Null).await.problem(429, "rate-limited", &[], "again");
}

#[tokio::test]
async fn a_create_refused_temporarily_works_later() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let invite = server.create(&key, Value::Null).await;
    let token = json!({ "token": invite["token"] });
    let claim = json!({ "token": invite["token"], "username": "bob" });
    let calls = [
        ("/v1/invites", json!({ "note": "n" }), 201),
        ("/v1/invites/batch", json!({ "count": 3 }), 201),
        ("/v1/keys", json!({}), 201),
        ("/v1/redemptions/check", token, 200),
        ("/v1/redemptions", claim, 201),
    ];
    server.break_randomness(true);
    for (path, body, _) in &calls {
        for once in ["", "one"] {
            let more = if once.is_empty() {
                vec![]
            } else {
                vec![("idempotency-key", path.rsplit('/').next().unwrap())]
            };
            let answer = server.json_with("POST", path, &key, &more, body.clone()).await;
            answer.problem(503, "unavailable", &[], path);
            assert_eq!(answer.header("retry-after"), Some("5"), "{path}");
            assert!(
                !answer.body.contains("broken"),
                "the answer contains the internal error: {}",
                answer.body
            );
        }
    }
    assert_eq!(server.minted().await, 1);
    // Requests that need no random bytes succeed.
    server.json("GET", "/v1/invites", &key, Value::Null).await.ok(200);
    server.break_randomness(false);
    for (path, body, status) in calls {
        let more = [("idempotency-key", path.rsplit('/').next().unwrap())];
        server.json_with("POST", path, &key, &more, body).await.ok(status);
    }
}
