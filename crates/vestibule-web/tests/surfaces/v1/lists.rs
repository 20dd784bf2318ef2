//! Pages of the list of invites.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::test_server::{TestServer, api_client::at};

async fn page(server: &TestServer, key: &str, query: &str) -> (Vec<String>, Option<String>) {
    let page = server.json("GET", &format!("/v1/invites?{query}"), key, Value::Null).await.ok(200);
    let ids = page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned());
    (ids.collect(), page["next_cursor"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn paging_shows_each_invite_once_while_others_are_created() {
    let server = TestServer::open().await;
    let key = server.key_for("invites:create,invites:read").await;
    let mut minted = Vec::new();
    for _ in 0..11 {
        minted.push(server.create(&key, Value::Null).await["id"].as_str().unwrap().to_owned());
    }
    minted.reverse();
    for limit in [1, 2, 5, 10, 11, 500] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        let before = page(&server, &key, "limit=500").await.0;
        loop {
            let (ids, next) = page(&server, &key, &format!("limit={limit}{cursor}")).await;
            assert!(ids.len() <= limit);
            seen.extend(ids);
            server.create(&key, Value::Null).await;
            match next {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, before, "newest first, {limit} at a time");
        assert!(seen.ends_with(&minted));
    }
}

#[tokio::test]
async fn a_page_with_all_items_is_the_last() {
    let server = TestServer::open().await;
    let key = server.key_for("invites:create,invites:read").await;
    assert_eq!(page(&server, &key, "").await, (vec![], None));
    for _ in 0..50 {
        server.create(&key, Value::Null).await;
    }
    let (ids, next) = page(&server, &key, "").await;
    assert_eq!((ids.len(), next), (50, None));
    server.create(&key, Value::Null).await;
    let (ids, next) = page(&server, &key, "").await;
    assert_eq!(ids.len(), 50, "the default page size");
    let (ids, next) = page(&server, &key, &format!("cursor={}", next.unwrap())).await;
    assert_eq!((ids.len(), next), (1, None));
}

#[tokio::test]
async fn lists_filter_by_state_and_kind() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let expired = server.create(&key, json!({ "expires_in": "1m" })).await;
    let used = server.create(&key, json!({ "kind": "account-and-contact", "inviter": "ann" })).await;
    let revoked = server.create(&key, json!({ "kind": "contact", "inviter": "ann" })).await;
    let pending = server.create(&key, json!({ "kind": "password-reset", "username": "ann" })).await;
    let claim = server.claim(&key, &used, "bob").await.ok(201);
    server.complete(&key, &claim["claim"], "bob").await.ok(200);
    server.json("DELETE", &at("invites", &revoked["id"], ""), &key, Value::Null).await.nothing(204);
    server.advance(Duration::from_mins(1));
    let table = [
        ("state=expired", vec![&expired]),
        ("state=used", vec![&used]),
        ("state=revoked", vec![&revoked]),
        ("state=pending", vec![&pending]),
        ("kind=account", vec![&expired]),
        ("kind=account-and-contact", vec![&used]),
        ("kind=contact", vec![&revoked]),
        ("kind=password-reset", vec![&pending]),
        ("state=used&kind=account-and-contact", vec![&used]),
        ("state=used&kind=account", vec![]),
        ("state=p%65nding", vec![&pending]),
        ("", vec![&pending, &revoked, &used, &expired]),
    ];
    for (query, expected) in table {
        let expected: Vec<_> = expected.iter().map(|invite| invite["id"].as_str().unwrap()).collect();
        // The cursor keeps the filter.
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let (some, next) = page(&server, &key, &format!("{query}&limit=1{cursor}")).await;
            ids.extend(some);
            let Some(next) = next else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(ids, expected, "{query}");
    }
    let states = ["pending", "revoked", "used", "expired"];
    let list = server.json("GET", "/v1/invites", &key, Value::Null).await.ok(200);
    for (item, state) in list["items"].as_array().unwrap().iter().zip(states) {
        assert_eq!(item["state"], state);
        assert!(item["url"].as_str().unwrap().ends_with(item["token"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn a_cursor_of_another_host_shows_nothing_of_it() {
    let server = TestServer::open().await;
    let (key, other) = (server.key_for("bridge").await, server.key_elsewhere().await);
    for _ in 0..3 {
        server.create(&key, Value::Null).await;
        server.create(&other, Value::Null).await;
    }
    let own = page(&server, &key, "").await.0;
    for cursor in [page(&server, &other, "limit=1").await.1.unwrap(), "c0".to_owned(), "c7fff".to_owned()] {
        let (ids, _) = page(&server, &key, &format!("cursor={cursor}")).await;
        assert!(ids.iter().all(|id| own.contains(id)), "{cursor}");
    }
}
