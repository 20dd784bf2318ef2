//! The audit log.

use serde_json::{Value, json};

use super::super::test_server::{TestServer, api_client::at};

#[tokio::test]
async fn every_change_is_logged_once_in_order() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let id = key.split_once('/').unwrap().0;
    let invite = server.create(&key, Value::Null).await;
    let path = at("invites", &invite["id"], "");
    server.json("PATCH", &path, &key, json!({ "note": "n" })).await.ok(200);
    server.json("PATCH", &path, &key, json!({ "note": "n" })).await.ok(200);
    server.json("DELETE", &path, &key, Value::Null).await.nothing(204);
    server.json("PATCH", &path, &key, json!({ "revoked": false })).await.ok(200);
    let given_back = server.claim(&key, &invite, "bob").await.ok(201);
    let claim = at("redemptions", &given_back["claim"], "");
    server.json("DELETE", &claim, &key, Value::Null).await.nothing(204);
    let claim = server.claim(&key, &invite, "bob").await.ok(201);
    server.complete(&key, &claim["claim"], "bob").await.ok(200);
    let made = server.json("POST", "/v1/keys", &key, json!({ "name": "portal" })).await.ok(201);
    server.json("DELETE", &at("keys", &made["id"], ""), &key, Value::Null).await.nothing(204);

    let log = server.json("GET", "/v1/events", &key, Value::Null).await.ok(200);
    assert_eq!(log["next_cursor"], Value::Null);
    let (it, new) = (&invite["id"], &made["id"]);
    let expected = [
        ("key.created", json!(id), Value::Null),
        ("invite.created", it.clone(), Value::Null),
        ("invite.edited", it.clone(), Value::Null),
        ("invite.revoked", it.clone(), Value::Null),
        ("invite.restored", it.clone(), Value::Null),
        ("invite.claimed", it.clone(), json!("bob")),
        ("invite.released", it.clone(), json!("bob")),
        ("invite.claimed", it.clone(), json!("bob")),
        ("invite.redeemed", it.clone(), json!("bob@example.com")),
        ("key.created", new.clone(), json!("portal")),
        ("key.deleted", new.clone(), Value::Null),
    ];
    let items = log["items"].as_array().unwrap();
    assert_eq!(items.len(), expected.len());
    for ((number, item), (action, subject, detail)) in (1..).zip(items).zip(expected) {
        let source = if number == 1 { "cli".to_owned() } else { format!("api/token/{id}") };
        let expected = json!({
            "id": number,
            "at": "2027-01-15T08:00:00Z",
            "host": "example.com",
            "source": source,
            "action": action,
            "subject": subject,
            "detail": detail,
        });
        assert_eq!(*item, expected);
    }
}

#[tokio::test]
async fn the_log_can_be_followed() {
    let server = TestServer::open().await;
    let (key, other) = (server.key_for("bridge").await, server.key_elsewhere().await);
    let (mut seen, mut cursor) = (Vec::new(), 0);
    for step in 0..12 {
        if step < 7 {
            server.create(&key, Value::Null).await;
            server.create(&other, Value::Null).await;
        }
        let path = format!("/v1/events?limit=2&cursor={cursor}");
        let page = server.json("GET", &path, &key, Value::Null).await.ok(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["id"].as_i64().unwrap()));
        if let Some(next) = page["next_cursor"].as_str() {
            cursor = next.parse().unwrap();
            assert_eq!(items.last().unwrap()["id"], cursor);
        }
        cursor = seen.last().copied().unwrap_or(cursor);
    }
    assert_eq!(seen, (1..=8).collect::<Vec<_>>(), "a key and seven invites, each once");
    for cursor in ["8", "9", "1099511627776"] {
        let page = server.json("GET", &format!("/v1/events?cursor={cursor}"), &key, Value::Null).await;
        assert_eq!(page.ok(200), json!({ "items": [], "next_cursor": null }), "{cursor}");
    }
}
