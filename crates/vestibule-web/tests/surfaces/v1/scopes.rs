//! Which key may do what: every operation, with every scope.

use std::{collections::BTreeSet, fs, time::Duration};

use serde_json::{Value, json};
use vestibule_core::{Expiry, KeyId, NewKey, Scope};
use vestibule_web::{BruteForceLimiter, HttpState, Links};

use super::super::test_server::{TestServer, api_client::at};

/// Every operation: its method, its address, the one scope that it needs, and how it answers.
const OPERATIONS: [(&str, &str, &str, u16); 17] = [
    ("POST", "/v1/invites", "invites:create", 201),
    ("POST", "/v1/invites/batch", "invites:create", 201),
    ("GET", "/v1/invites", "invites:read", 200),
    ("GET", "/v1/invites/{id}", "invites:read", 200),
    ("GET", "/v1/invites/{id}/redemptions", "invites:read", 200),
    ("PATCH", "/v1/invites/{id}", "invites:manage", 200),
    ("DELETE", "/v1/invites/{id}", "invites:manage", 204),
    ("POST", "/v1/redemptions/check", "redeem", 200),
    ("POST", "/v1/redemptions", "redeem", 201),
    ("POST", "/v1/redemptions/{claim}/complete", "redeem", 200),
    ("DELETE", "/v1/redemptions/{claim}", "redeem", 204),
    ("GET", "/v1/usernames/{username}", "redeem", 200),
    ("POST", "/v1/accounts/{username}", "redeem", 200),
    ("GET", "/v1/keys", "keys:manage", 200),
    ("POST", "/v1/keys", "keys:manage", 201),
    ("DELETE", "/v1/keys/{id}", "keys:manage", 204),
    ("GET", "/v1/events", "invites:manage", 200),
];

/// A good request for an operation, on things of the host of the tests.
async fn request(server: &TestServer, boss: &str, method: &str, address: &str) -> (String, Value) {
    let invite = server.create(boss, Value::Null).await;
    let claimed = if address.contains("{claim}") {
        server.claim(boss, &invite, "bob").await.ok(201)["claim"].clone()
    } else {
        Value::Null
    };
    let body = match (method, address) {
        ("POST", "/v1/invites/batch") => json!({ "count": 2 }),
        ("PATCH", _) => json!({ "note": "changed" }),
        ("POST", "/v1/redemptions/check") => json!({ "token": invite["token"] }),
        ("POST", "/v1/redemptions") => json!({ "token": invite["token"], "username": "bob" }),
        ("POST", "/v1/redemptions/{claim}/complete") => json!({ "jid": "bob@example.com" }),
        ("POST", "/v1/accounts/{username}") => json!({ "change": "disabled" }),
        ("POST", "/v1/keys") => json!({ "scopes": ["keys:manage"] }),
        _ => Value::Null,
    };
    let id = if address.starts_with("/v1/keys") {
        json!(server.key_for("keys:manage").await.split_once('/').unwrap().0)
    } else {
        invite["id"].clone()
    };
    let path = address
        .replace("{id}", id.as_str().unwrap())
        .replace("{claim}", claimed.as_str().unwrap_or_default())
        .replace("{username}", "bob");
    (path, body)
}

#[test]
fn every_operation_has_a_row() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let description: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let text = operation["description"].as_str().unwrap();
            let scope = text.strip_prefix("Scope `").and_then(|rest| rest.split('`').next()).unwrap();
            let answers = operation["responses"].as_object().unwrap().keys();
            let good: Vec<_> = answers.filter(|status| status.starts_with('2')).collect();
            assert_eq!(good.len(), 1, "{method} {path}");
            let status: u16 = good[0].parse().unwrap();
            described.insert((method.to_uppercase(), path.clone(), scope.to_owned(), status));
        }
    }
    let rows = OPERATIONS
        .map(|(method, path, scope, status)| (method.to_owned(), path.to_owned(), scope.to_owned(), status));
    assert_eq!(described, BTreeSet::from(rows));
}

/// Whether a key with `scope` may make a request that needs `needed`: `invites:manage` includes `invites:read`.
fn allows(scope: Scope, needed: &str) -> bool {
    scope.as_str() == needed || (needed == "invites:read" && scope == Scope::InvitesManage)
}

#[tokio::test]
async fn exactly_the_right_scope_passes() {
    let server = TestServer::open().await;
    let boss = server.key_for("bridge").await;
    for (method, address, needed, status) in OPERATIONS {
        for scope in Scope::ALL {
            let key = server.key_for(scope.as_str()).await;
            let (path, body) = request(&server, &boss, method, address).await;
            let before = server.minted().await;
            let answer = server.json(method, &path, &key, body).await;
            let case = format!("{method} {address} with {scope}");
            if allows(scope, needed) {
                assert_eq!(answer.status.as_u16(), status, "{case}: {}", answer.body);
            } else {
                answer.problem(403, "forbidden", &[], &case);
                assert!(answer.json()["detail"].as_str().unwrap().contains(needed), "{case}");
                assert_eq!(server.minted().await, before, "{case}");
            }
        }
    }
}

/// What each kind of invite needs, beyond plain accounts.
#[tokio::test]
async fn each_power_needs_its_scope() {
    let server = TestServer::open().await;
    let table = [
        (json!({ "groups": ["choir"], "username": "bob" }), &["invites:create"][..]),
        (json!({ "inviter": "ann" }), &["invites:contact"]),
        (json!({ "kind": "contact", "inviter": "ann" }), &["invites:contact"]),
        (json!({ "kind": "account-and-contact", "inviter": "ann" }), &["invites:contact"]),
        (json!({ "kind": "password-reset", "username": "ann" }), &["invites:reset"]),
        (json!({ "roles": ["prosody:admin"] }), &["invites:create", "invites:roles"]),
        (json!({ "inviter": "ann", "roles": ["member"] }), &["invites:contact", "invites:roles"]),
    ];
    for (body, needed) in table {
        for missing in needed {
            let scopes = Scope::ALL.into_iter().filter(|scope| scope.as_str() != *missing).collect();
            let key = server.key_with(NewKey { scopes, ..NewKey::default() }).await;
            for path in ["/v1/invites", "/v1/invites/batch"] {
                let mut body = body.clone();
                if path.ends_with("batch") {
                    body["count"] = json!(1);
                }
                let answer = server.json("POST", path, &key, body.clone()).await;
                answer.problem(403, "forbidden", &[], &body.to_string());
                assert!(answer.json()["detail"].as_str().unwrap().contains(missing), "{body}");
            }
        }
        let key = server.key_for(&needed.join(",")).await;
        server.json("POST", "/v1/invites", &key, body.clone()).await.ok(201);
        let id = vestibule_core::InviteQuery { limit: 1, ..Default::default() };
        let page = server.invite_service.store().invites(&server.operator, id).await.unwrap();
        let revoke = vestibule_core::InviteChanges::revoke();
        server.invite_service.store().edit_invite(&server.operator, page.items[0].id, revoke).await.unwrap();
    }
}

#[tokio::test]
async fn who_may_read_alone_sees_nothing_that_lets_in() {
    let server = TestServer::open().await;
    let boss = server.key_for("bridge").await;
    let invite = server.create(&boss, json!({ "kind": "password-reset", "username": "ann" })).await;
    let reader = server.key_for("invites:read").await;
    let shown = server.json("GET", &at("invites", &invite["id"], ""), &reader, Value::Null).await;
    let listed = server.json("GET", "/v1/invites", &reader, Value::Null).await;
    for answer in [&shown, &listed] {
        assert!(!answer.body.contains(invite["token"].as_str().unwrap()), "{}", answer.body);
    }
    let (shown, listed) = (shown.ok(200), listed.ok(200));
    for view in [&shown, &listed["items"][0]] {
        assert_eq!((&view["token"], &view["url"], &view["uri"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(view["username"], "ann");
    }
}

#[tokio::test]
async fn every_scope_but_the_right_one_is_not_enough() {
    let server = TestServer::open().await;
    let boss = server.key_for("bridge").await;
    for (method, address, needed, _) in OPERATIONS {
        let scopes = Scope::ALL.into_iter().filter(|scope| !allows(*scope, needed)).collect();
        let key = server.key_with(NewKey { scopes, ..NewKey::default() }).await;
        let (path, body) = request(&server, &boss, method, address).await;
        server.json(method, &path, &key, body.clone()).await.problem(403, "forbidden", &[], address);
        // What cannot be found is not told to whoever may not ask.
        if address.contains('{') && !address.contains("complete") {
            let nothing = format!("{}/x", address.split("/{").next().unwrap());
            let body = match method {
                "PATCH" => json!({}),
                "POST" => body,
                _ => Value::Null,
            };
            server.json(method, &nothing, &key, body).await.problem(403, "forbidden", &[], &nothing);
        }
    }
}

#[tokio::test]
async fn without_a_good_key_nothing_passes() {
    // So many wrong keys would be slowed down.
    let http_state = HttpState { limiter: BruteForceLimiter::new(None), ..HttpState::default() };
    let server = TestServer::behind(http_state, Links::new("https://example.com").unwrap(), None).await;
    let boss = server.key_for("bridge").await;
    let scopes = "bridge".parse().unwrap();
    let expiry = Expiry::In(Duration::from_hours(1));
    let expired = server.key_with(NewKey { scopes, expiry, ..NewKey::default() }).await;
    server.advance(Duration::from_hours(1));
    let deleted = server.key_for("bridge").await;
    let id = KeyId::parse(deleted.split_once('/').unwrap().0).unwrap();
    server.invite_service.store().delete_key(&server.operator, &id).await.unwrap();
    let (id, secret) = boss.split_once('/').unwrap();
    let headers = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some(boss.clone()),
        Some(format!("Basic {boss}")),
        Some(format!("Bearer {id}")),
        Some(format!("Bearer {id}/")),
        Some(format!("Bearer {id}/{secret}x")),
        Some(format!("Bearer {id}/{}", &secret[1..])),
        Some(format!("Bearer x/{secret}")),
        Some(format!("Bearer {id}/{}", "x".repeat(10_000))),
        Some(format!("Bearer {expired}")),
        Some(format!("Bearer {deleted}")),
    ];
    for (method, address, ..) in OPERATIONS {
        let (path, body) = request(&server, &boss, method, address).await;
        let before = server.minted().await;
        for header in &headers {
            let mut sent = vec![("content-type", "application/json")];
            sent.extend(header.iter().map(|value| ("authorization", value.as_str())));
            let text = if body.is_null() { String::new() } else { body.to_string() };
            let answer = server.send_body(method, &path, &sent, text).await;
            answer.problem(401, "unauthorized", &[], &format!("{method} {address} {header:?}"));
        }
        // A key in the address is the way of another API.
        let path = format!("{path}?key={boss}");
        server.send(method, &path, &[]).await.problem(401, "unauthorized", &[], &path);
        assert_eq!(server.minted().await, before, "{method} {address}");
    }
}

#[tokio::test]
async fn a_key_of_another_host_sees_nothing() {
    let server = TestServer::open().await;
    let (boss, other) = (server.key_for("bridge").await, server.key_elsewhere().await);
    server.create(&boss, json!({ "username": "bob" })).await;
    for (method, address, ..) in OPERATIONS.into_iter().filter(|row| !row.1.contains("claim")) {
        let (path, body) = request(&server, &boss, method, address).await;
        let named = address.contains("{id}") || address.starts_with("/v1/redemptions");
        let answer = server.json(method, &path, &other, body).await;
        if named {
            let name = if address.contains("{id}") { "not-found" } else { "token-unknown" };
            answer.problem(404, name, &[], &format!("{method} {address}"));
        } else if address == "/v1/usernames/{username}" {
            assert_eq!(answer.ok(200)["reserved"], false);
        } else {
            assert!(!answer.body.contains("\"example.com\""), "{method} {address}: {}", answer.body);
        }
    }
    let invite = server.create(&boss, Value::Null).await;
    let claim = server.claim(&boss, &invite, "eve").await.ok(201)["claim"].clone();
    server.complete(&other, &claim, "eve").await.problem(404, "not-found", &[], "complete");
    let release = server.json("DELETE", &at("redemptions", &claim, ""), &other, Value::Null).await;
    release.problem(404, "not-found", &[], "release");
    assert_eq!(server.complete(&boss, &claim, "eve").await.ok(200)["over_use"], false);
}
