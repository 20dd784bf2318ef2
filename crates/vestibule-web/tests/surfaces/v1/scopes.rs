//! Authorization of every operation of `docs/openapi.json`: no key, a key of another host, and each scope.

use std::{fs, time::Duration};

use serde_json::{Value, json};
use vestibule_core::{Expiry, KeyId, NewKey, Scope};
use vestibule_web::{BruteForceLimiter, HttpState, Links};

use super::super::test_server::{Answer, TestServer, api_client::at};

/// An operation of the API, as `docs/openapi.json` describes it.
struct Operation {
    method: String,
    path: String,
    /// The scope that it needs.
    scope: String,
    /// The status of its successful response.
    status: u16,
}

/// All operations of `docs/openapi.json`. Another test checks that the file describes the code.
fn operations() -> Vec<Operation> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let description: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let text = operation["description"].as_str().unwrap();
            let scope = text.strip_prefix("Scope `").and_then(|rest| rest.split('`').next());
            let statuses = operation["responses"].as_object().unwrap().keys();
            let successes: Vec<_> = statuses.filter(|status| status.starts_with('2')).collect();
            assert_eq!(successes.len(), 1, "{method} {path}");
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                scope: scope.unwrap_or_else(|| panic!("{method} {path} names no scope")).to_owned(),
                status: successes[0].parse().unwrap(),
            });
        }
    }
    assert!(operations.len() >= 19, "the description lost operations");
    operations
}

/// The body of a valid request for an operation. An operation without a row fails here.
fn valid_body(operation: &Operation, invite: &Value) -> Value {
    let token = &invite["token"];
    match (operation.method.as_str(), operation.path.as_str()) {
        (
            "GET",
            "/v1/invites"
            | "/v1/invites/{id}"
            | "/v1/invites/{id}/redemptions"
            | "/v1/members"
            | "/v1/members/{username}"
            | "/v1/usernames/{username}"
            | "/v1/keys"
            | "/v1/events",
        )
        | (
            "DELETE",
            "/v1/invites/{id}"
            | "/v1/redemptions/{claim}"
            | "/v1/keys/{id}"
            | "/v1/members/{username}/invites",
        )
        | ("POST", "/v1/invites") => Value::Null,
        ("POST", "/v1/invites/batch") => json!({ "count": 2 }),
        ("PATCH", "/v1/invites/{id}") => json!({ "note": "changed" }),
        ("PATCH", "/v1/members/{username}") => json!({ "may_invite": false }),
        ("POST", "/v1/redemptions/check") => json!({ "token": token }),
        ("POST", "/v1/redemptions") => json!({ "token": token, "username": "bob" }),
        ("POST", "/v1/redemptions/{claim}/complete") => json!({ "jid": "bob@example.com" }),
        ("POST", "/v1/accounts/{username}") => json!({ "change": "disabled" }),
        ("POST", "/v1/keys") => json!({ "scopes": ["keys:manage"] }),
        (method, path) => panic!("add a request for {method} {path} here"),
    }
}

/// Sends a request for an operation, and returns the response.
async fn send(server: &TestServer, boss: &str, operation: &Operation, key: &str) -> Answer {
    let (path, body) = request(server, boss, operation).await;
    server.json(&operation.method, &path, key, body).await
}

/// A valid request for an operation on new resources of the test host: its path and body.
async fn request(server: &TestServer, boss: &str, operation: &Operation) -> (String, Value) {
    let invite = server.create(boss, Value::Null).await;
    let is_member = operation.path.contains("/members/");
    let username = if is_member { "dan" } else { "bob" };
    let claim = if operation.path.contains("{claim}") || is_member {
        server.claim(boss, &invite, username).await.ok(201)["claim"].clone()
    } else {
        Value::Null
    };
    if is_member {
        server.complete(boss, &claim, username).await.ok(200);
    }
    let body = valid_body(operation, &invite);
    let id = if operation.path.starts_with("/v1/keys") {
        json!(server.key_for("keys:manage").await.split_once('/').unwrap().0)
    } else {
        invite["id"].clone()
    };
    let path = operation
        .path
        .replace("{id}", id.as_str().unwrap())
        .replace("{claim}", claim.as_str().unwrap_or_default())
        .replace("{username}", username);
    assert!(!path.contains('{'), "add a value for the parameters of {path} here");
    (path, body)
}

/// Whether a key with `scope` may make a request that needs `needed`: `invites:manage` includes `invites:read`.
fn allows(scope: Scope, needed: &str) -> bool {
    scope.as_str() == needed || (needed == "invites:read" && scope == Scope::InvitesManage)
}

#[tokio::test]
async fn an_operation_needs_exactly_its_scope() {
    let server = TestServer::open().await;
    let boss = server.key_for("bridge").await;
    for operation in operations() {
        for scope in Scope::ALL {
            let key = server.key_for(scope.as_str()).await;
            let (path, body) = request(&server, &boss, &operation).await;
            let before = server.minted().await;
            let answer = server.json(&operation.method, &path, &key, body).await;
            let case = format!("{} {} with {scope}", operation.method, operation.path);
            if allows(scope, &operation.scope) {
                assert_eq!(answer.status.as_u16(), operation.status, "{case}: {}", answer.body);
            } else {
                answer.problem(403, "forbidden", &[], &case);
                assert!(answer.json()["detail"].as_str().unwrap().contains(&operation.scope), "{case}");
                assert_eq!(server.minted().await, before, "{case}");
            }
        }
    }
}

/// What each kind of invite needs, beyond plain accounts.
#[tokio::test]
async fn each_property_of_an_invite_needs_its_scope() {
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
async fn a_key_with_only_the_read_scope_sees_no_tokens() {
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
async fn all_other_scopes_together_are_not_enough() {
    let server = TestServer::open().await;
    let boss = server.key_for("bridge").await;
    for operation in operations() {
        let scopes = Scope::ALL.into_iter().filter(|scope| !allows(*scope, &operation.scope)).collect();
        let key = server.key_with(NewKey { scopes, ..NewKey::default() }).await;
        let (path, body) = request(&server, &boss, &operation).await;
        let method = operation.method.as_str();
        server.json(method, &path, &key, body.clone()).await.problem(403, "forbidden", &[], &operation.path);
        // A key without the scope does not learn that a resource does not exist.
        if operation.path.contains('{') && !operation.path.contains("complete") {
            let (begin, rest) = operation.path.split_once('{').unwrap();
            let unknown = format!("{begin}x{}", rest.split_once('}').unwrap().1);
            let body = match method {
                "PATCH" | "POST" => body,
                _ => Value::Null,
            };
            server.json(method, &unknown, &key, body).await.problem(403, "forbidden", &[], &unknown);
        }
    }
}

#[tokio::test]
async fn every_operation_needs_a_valid_key() {
    // The limiter would slow down the wrong keys.
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
    for operation in operations() {
        let (method, address) = (operation.method.as_str(), operation.path.as_str());
        let (path, body) = request(&server, &boss, &operation).await;
        let before = server.minted().await;
        for header in &headers {
            let mut sent = vec![("content-type", "application/json")];
            sent.extend(header.iter().map(|value| ("authorization", value.as_str())));
            let text = if body.is_null() { String::new() } else { body.to_string() };
            let answer = server.send_body(method, &path, &sent, text).await;
            answer.problem(401, "unauthorized", &[], &format!("{method} {address} {header:?}"));
        }
        // Other errors of a request are not reported for a wrong key.
        for header in headers.iter().flatten() {
            for (path, text) in [
                (path.clone(), "{".to_owned()),
                (path.clone(), json!({ "token": "x", "username": "@" }).to_string()),
                (format!("{path}?limit=9999&cursor=zz"), body.to_string()),
            ] {
                let sent = [("content-type", "application/json"), ("authorization", header.as_str())];
                let answer = server.send_body(method, &path, &sent, text.clone()).await;
                let context = format!("{method} {path} {header:?} {text}");
                answer.problem(401, "unauthorized", &[], &context);
            }
        }
        // A key in the query is accepted by `/invites_api` only.
        let path = format!("{path}?key={boss}");
        server.send(method, &path, &[]).await.problem(401, "unauthorized", &[], &path);
        assert_eq!(server.minted().await, before, "{method} {address}");
    }
}

/// How an operation answers to a key of another host.
enum Foreign {
    /// As for an unknown resource: a 404 of this type.
    Unknown(&'static str),
    /// It works on the other host, and shows nothing of this one.
    OtherHost,
}

fn foreign(operation: &Operation) -> Foreign {
    match operation.path.as_str() {
        "/v1/redemptions/check" | "/v1/redemptions" => Foreign::Unknown("token-unknown"),
        "/v1/members/{username}" if operation.method == "GET" => Foreign::Unknown("not-found"),
        path if path.contains("{id}") || path.contains("{claim}") => Foreign::Unknown("not-found"),
        _ => Foreign::OtherHost,
    }
}

#[tokio::test]
async fn a_key_of_another_host_sees_nothing() {
    let server = TestServer::open().await;
    let (boss, other) = (server.key_for("bridge").await, server.key_elsewhere().await);
    server.create(&boss, json!({ "username": "bob" })).await;
    for operation in operations() {
        let case = format!("{} {}", operation.method, operation.path);
        if operation.path.contains("{claim}") {
            continue;
        }
        let answer = send(&server, &boss, &operation, &other).await;
        match foreign(&operation) {
            Foreign::Unknown(name) => answer.problem(404, name, &[], &case),
            Foreign::OtherHost => {
                assert_eq!(answer.status.as_u16(), operation.status, "{case}: {}", answer.body);
                assert!(!answer.body.contains("\"example.com\""), "{case}: {}", answer.body);
                assert!(!answer.body.contains("\"reserved\":true"), "{case}: {}", answer.body);
            }
        }
    }
}

#[tokio::test]
async fn a_key_of_another_host_cannot_end_a_claim() {
    let server = TestServer::open().await;
    let (boss, other) = (server.key_for("bridge").await, server.key_elsewhere().await);
    for operation in operations().into_iter().filter(|operation| operation.path.contains("{claim}")) {
        send(&server, &boss, &operation, &other).await.problem(404, "not-found", &[], &operation.path);
    }
    let invite = server.create(&boss, Value::Null).await;
    let claim = server.claim(&boss, &invite, "eve").await.ok(201)["claim"].clone();
    server.complete(&other, &claim, "eve").await.problem(404, "not-found", &[], "complete");
    let release = server.json("DELETE", &at("redemptions", &claim, ""), &other, Value::Null).await;
    release.problem(404, "not-found", &[], "release");
    assert_eq!(server.complete(&boss, &claim, "eve").await.ok(200)["over_use"], false);
}
