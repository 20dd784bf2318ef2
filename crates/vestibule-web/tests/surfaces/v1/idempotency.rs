//! Repeated requests with the same `Idempotency-Key`.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::super::test_server::{Answer, TestServer, api_client::at};

async fn ask(server: &TestServer, key: &str, path: &str, idempotency_key: &str, body: Value) -> Answer {
    server.json_with("POST", path, key, &[("idempotency-key", idempotency_key)], body).await
}

/// Both operations that create invites.
const OPERATIONS: [(&str, &str); 2] = [("/v1/invites", "{}"), ("/v1/invites/batch", "{\"count\": 3}")];

fn body_of(way: &str) -> Value {
    serde_json::from_str(way).unwrap()
}

#[tokio::test]
async fn a_repeated_create_returns_the_first_answer() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    for (path, way) in OPERATIONS {
        let mut body = body_of(way);
        body["data"] = json!({ "n": 1 });
        body["expires_in"] = json!("1h");
        let first = ask(&server, &key, path, path, body.clone()).await;
        let created = first.ok(201);
        let minted = server.minted().await;
        let id = created.get("id").unwrap_or(&created["items"][0]["id"]);
        for step in 0..5 {
            let again = ask(&server, &key, path, path, body.clone()).await;
            assert_eq!((again.status, &again.body), (first.status, &first.body), "{path} {step}");
            assert_eq!(again.header("location"), first.header("location"), "{path} {step}");
            match step {
                0 => server.json("DELETE", &at("invites", id, ""), &key, Value::Null).await.nothing(204),
                1 => server.advance(Duration::from_hours(23)),
                2 | 3 => server.advance(Duration::from_millis(1_799_999)),
                _ => {}
            }
        }
        assert_eq!(server.minted().await, minted, "{path}");
        server.advance(Duration::from_millis(2));
        let new_request = ask(&server, &key, path, path, body).await;
        assert_eq!(new_request.status.as_u16(), 201, "{path}");
        assert_ne!(new_request.body, first.body, "{path}: after a day it is a new request");
    }
}

#[tokio::test]
async fn an_idempotency_key_is_bound_to_its_body_and_sender() {
    let server = TestServer::open().await;
    let (key, other) = (server.key().await, server.key().await);
    for (path, way) in OPERATIONS {
        let first = ask(&server, &key, path, "one", body_of(way)).await.ok(201);
        let minted = server.minted().await;
        let mut changed = body_of(way);
        changed["note"] = json!("other");
        let more = json!({ "count": 4 });
        for body in [changed, if path.ends_with("batch") { more } else { json!({ "max_uses": 2 }) }] {
            let answer = ask(&server, &key, path, "one", body).await;
            answer.problem(422, "idempotency-mismatch", &[], path);
        }
        assert_eq!(server.minted().await, minted, "{path}");
        assert_ne!(ask(&server, &key, path, "two", body_of(way)).await.ok(201), first, "{path}");
        assert_ne!(ask(&server, &other, path, "one", body_of(way)).await.ok(201), first, "{path}");
        assert_ne!(server.json("POST", path, &key, body_of(way)).await.ok(201), first, "{path}");
        // A refused request is not stored.
        let mut bad = body_of(way);
        bad["kind"] = json!("flat");
        ask(&server, &key, path, "three", bad).await.problem(422, "invalid", &["kind"], path);
        ask(&server, &key, path, "three", body_of(way)).await.ok(201);
        server.advance(Duration::from_hours(24));
    }
}

#[tokio::test]
async fn the_two_addresses_do_not_share_keys() {
    let server = TestServer::open().await;
    let key = server.key().await;
    ask(&server, &key, "/v1/invites", "one", json!({})).await.ok(201);
    let answer = ask(&server, &key, "/v1/invites/batch", "one", json!({ "count": 1 })).await;
    answer.problem(422, "idempotency-mismatch", &[], "batch after create");
}

#[tokio::test]
async fn concurrent_repeats_create_once() {
    let server = std::sync::Arc::new(TestServer::open().await);
    let key = server.key().await;
    let mut minted = 0;
    for ((path, way), count) in OPERATIONS.into_iter().zip([1, 3]) {
        let mut tasks = JoinSet::new();
        for _ in 0..16 {
            let (server, key) = (server.clone(), key.clone());
            tasks.spawn(async move { ask(&server, &key, path, path, body_of(way)).await });
        }
        let answers: Vec<_> = tasks.join_all().await.iter().map(|answer| answer.ok(201)).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{path}: {answers:?}");
        minted += count;
        assert_eq!(server.minted().await, minted, "{path}");
    }
}

#[tokio::test]
async fn a_repeated_csv_batch_returns_the_same_csv() {
    let server = TestServer::open().await;
    let key = server.key().await;
    let headers = [("idempotency-key", "one"), ("accept", "text/csv")];
    let body = json!({ "count": 5, "expires_in": "1h" });
    let first = server.json_with("POST", "/v1/invites/batch", &key, &headers, body.clone()).await;
    server.advance(Duration::from_hours(2));
    let again = server.json_with("POST", "/v1/invites/batch", &key, &headers, body.clone()).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    assert_eq!(server.minted().await, 5);
    // As JSON it is the same request: the format is not part of it.
    let json = ask(&server, &key, "/v1/invites/batch", "one", body).await.ok(201);
    for item in json["items"].as_array().unwrap() {
        assert!(first.body.contains(item["url"].as_str().unwrap()));
        assert_eq!(item["state"], "pending", "the state at creation");
    }
}

#[tokio::test]
async fn a_key_for_requests_is_visible_ascii() {
    let server = TestServer::open().await;
    let key = server.key().await;
    let long = "x".repeat(256);
    for (path, way) in OPERATIONS {
        for idempotency_key in ["", "a b", "ä", long.as_str()] {
            let answer = ask(&server, &key, path, idempotency_key, body_of(way)).await;
            answer.problem(422, "invalid", &["Idempotency-Key"], idempotency_key);
        }
        let twice = [("idempotency-key", "a"), ("idempotency-key", "a")];
        let answer = server.json_with("POST", path, &key, &twice, body_of(way)).await;
        answer.problem(422, "invalid", &["Idempotency-Key"], "twice");
        assert_eq!(server.minted().await, 0);
    }
    ask(&server, &key, "/v1/invites", &long[1..], json!({})).await.ok(201);
}
