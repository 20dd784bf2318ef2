//! Keys created by keys.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule_core::{Expiry, NewKey};

use super::super::test_server::{TestServer, api_client::at};

const PATH: &str = "/v1/keys";

#[tokio::test]
async fn a_secret_is_shown_only_at_creation() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body = json!({
        "name": "Portal",
        "scopes": ["redeem", "invites:read"],
        "expires_in": "90d",
        "rate": "60/m",
    });
    let made = server.json("POST", PATH, &key, body).await.ok(201);
    let text = made["key"].as_str().unwrap();
    let (id, secret) = text.split_once('/').unwrap();
    let mut expected = json!({
        "id": id,
        "host": "example.com",
        "name": "Portal",
        "scopes": ["invites:read", "redeem"],
        "created_at": "2027-01-15T08:00:00Z",
        "expires_at": "2027-04-15T08:00:00Z",
        "rate": "60/min",
        "last_used_at": null,
        "parent": key.split_once('/').unwrap().0,
        "key": text,
    });
    assert_eq!(made, expected);
    server.json("GET", "/v1/invites", text, Value::Null).await.ok(200);
    server.json("GET", PATH, text, Value::Null).await.problem(403, "forbidden", &[], "its scopes");

    let list = server.json("GET", PATH, &key, Value::Null).await;
    assert!(!list.body.contains(secret), "the secret is shown once");
    let list = list.ok(200);
    let items = list["items"].as_array().unwrap();
    expected.as_object_mut().unwrap().remove("key");
    expected["last_used_at"] = json!("2027-01-15T08:00:00Z");
    assert!(items.len() == 2 && items.contains(&expected), "{items:?}");
}

#[tokio::test]
async fn an_empty_body_creates_a_key_for_invites_without_expiry() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    for body in [Value::Null, json!({}), json!({ "name": null, "scopes": null, "rate": null })] {
        let made = server.json("POST", PATH, &key, body).await.ok(201);
        for (field, expected) in [
            ("name", json!(null)),
            ("scopes", json!(["invites:create"])),
            ("expires_at", json!(null)),
            ("rate", json!(null)),
        ] {
            assert_eq!(made[field], expected, "{field}");
        }
        server.create(made["key"].as_str().unwrap(), Value::Null).await;
    }
}

#[tokio::test]
async fn keys_are_listed_oldest_first_each_host_its_own() {
    let server = TestServer::open().await;
    let (key, other) = (server.key_for("bridge").await, server.key_elsewhere().await);
    let mut ids = vec![json!(key.split_once('/').unwrap().0)];
    for _ in 0..3 {
        server.advance(Duration::from_millis(1));
        ids.push(server.json("POST", PATH, &key, Value::Null).await.ok(201)["id"].clone());
    }
    let list = server.json("GET", PATH, &key, Value::Null).await.ok(200);
    let listed: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    assert_eq!(listed, ids);
    let list = server.json("GET", PATH, &other, Value::Null).await.ok(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_deleted_key_is_invalid_at_once() {
    let server = TestServer::open().await;
    let (key, other) = (server.key_for("bridge").await, server.key_elsewhere().await);
    let made = server.json("POST", PATH, &key, Value::Null).await.ok(201);
    let (text, path) = (made["key"].as_str().unwrap(), at("keys", &made["id"], ""));
    server.json("DELETE", &path, &other, Value::Null).await.problem(404, "not-found", &[], "of another host");
    server.create(text, Value::Null).await;
    server.json("DELETE", &path, &key, Value::Null).await.nothing(204);
    server.json("POST", "/v1/invites", text, Value::Null).await.problem(401, "unauthorized", &[], "dead");
    for path in [path.as_str(), "/v1/keys/x%2Fy", "/v1/keys/%00", &format!("/v1/keys/{}", "x".repeat(65))] {
        server.json("DELETE", path, &key, Value::Null).await.problem(404, "not-found", &[], path);
    }
    // A key can also delete itself.
    let own = format!("/v1/keys/{}", key.split_once('/').unwrap().0);
    server.json("DELETE", &own, &key, Value::Null).await.nothing(204);
    server.json("GET", PATH, &key, Value::Null).await.problem(401, "unauthorized", &[], "ended");
}

#[tokio::test]
async fn a_key_cannot_create_a_more_powerful_key() {
    let server = TestServer::open().await;
    let maker = NewKey {
        scopes: "keys:manage,redeem".parse().unwrap(),
        expiry: Expiry::In(Duration::from_hours(24)),
        rate: "60/min".parse().ok(),
        ..NewKey::default()
    };
    let key = server.key_with(maker).await;
    let (scopes, rate, day) = (json!(["redeem"]), json!("60/min"), json!("1d"));
    let table = [
        (json!({ "scopes": scopes, "rate": rate, "expires_in": day }), vec![]),
        (json!({ "scopes": scopes, "rate": "1/s", "expires_at": "2027-01-16T08:00:00Z" }), vec![]),
        (json!({ "scopes": ["redeem", "invites:read"], "rate": rate, "expires_in": day }), vec!["scopes"]),
        (json!({ "rate": rate, "expires_in": day }), vec!["scopes"]),
        (json!({ "scopes": scopes, "rate": "61/h", "expires_in": day }), vec!["rate"]),
        (json!({ "scopes": scopes, "expires_in": day }), vec!["rate"]),
        (json!({ "scopes": scopes, "rate": rate, "expires_in": "86401s" }), vec!["expires_in"]),
        (json!({ "scopes": scopes, "rate": rate, "expires_at": "2027-01-16T08:00:01Z" }), vec!["expires_at"]),
        (json!({ "scopes": scopes, "rate": rate }), vec!["expires_in"]),
        (json!({}), vec!["scopes", "expires_in", "rate"]),
    ];
    for (body, fields) in table {
        let answer = server.json("POST", PATH, &key, body.clone()).await;
        if fields.is_empty() {
            answer.ok(201);
        } else {
            answer.problem(422, "invalid", &fields, &body.to_string());
        }
    }
}
