//! Creating batches of invites.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::test_server::TestServer;

const PATH: &str = "/v1/invites/batch";

#[tokio::test]
async fn a_batch_creates_identical_invites() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body = json!({ "count": 3, "kind": "contact", "inviter": "ann", "max_uses": null, "note": "n", "message": "Hello", "inviter_name": "Ann", "language": "de" });
    let items = server.json("POST", PATH, &key, body).await.ok(201)["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 3);
    let ids: HashSet<_> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    let tokens: HashSet<_> = items.iter().map(|item| item["token"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), tokens.len()), (3, 3));
    let mut listed = server.json("GET", "/v1/invites", &key, Value::Null).await.ok(200);
    let listed = listed["items"].as_array_mut().unwrap();
    listed.reverse();
    assert_eq!(*listed, items, "in the order of creation");
    for item in &items {
        assert_eq!((&item["kind"], &item["note"]), (&json!("contact"), &json!("n")));
        let said = (&item["message"], &item["inviter_name"], &item["language"]);
        assert_eq!(said, (&json!("Hello"), &json!("Ann"), &json!("de")));
    }
}

#[tokio::test]
async fn a_batch_can_have_the_documented_maximum_size() {
    let server = TestServer::open().await;
    let key = server.key().await;
    let batch = server.json("POST", PATH, &key, json!({ "count": 10_000 })).await.ok(201);
    let tokens: HashSet<_> =
        batch["items"].as_array().unwrap().iter().map(|item| item["token"].as_str()).collect();
    assert_eq!((tokens.len(), server.minted().await), (10_000, 10_000));
}

#[tokio::test]
async fn a_batch_is_csv_if_the_client_accepts_it() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let accept = [("accept", "text/csv")];
    let body = json!({ "count": 2, "kind": "account-and-contact", "inviter": "ann", "message": "=1+1\nHello", "language": "PT-br" });
    let answer = server.json_with("POST", PATH, &key, &accept, body).await;
    assert_eq!(answer.status.as_u16(), 201);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let mut lines = answer.body.lines();
    assert_eq!(
        lines.next(),
        Some("id,url,uri,token,kind,username,inviter,max_uses,expires_at,message,inviter_name,language")
    );
    for line in lines.by_ref() {
        let cells: Vec<_> = line.split(',').collect();
        let token = cells[3];
        let (url, uri) = (
            format!("https://example.com/invite/{token}"),
            format!("xmpp:ann@example.com?roster;preauth={token};ibr=y"),
        );
        let rest =
            ["account-and-contact", "", "ann", "1", "2027-01-22T08:00:00Z", "'=1+1 Hello", "", "pt-BR"];
        assert_eq!((cells[1], cells[2]), (url.as_str(), uri.as_str()));
        assert_eq!(&cells[4..], rest);
        assert!(
            server
                .invite_service
                .find(token)
                .await
                .unwrap()
                .is_some_and(|(it, _)| it.id.to_string() == cells[0])
        );
    }
    assert_eq!(server.minted().await, 2);
    // A problem is JSON even if the client accepts CSV.
    let answer = server.json_with("POST", PATH, &key, &accept, json!({ "count": 0 })).await;
    answer.problem(422, "invalid", &["count"], "CSV");
}

#[tokio::test]
async fn a_bound_invite_can_be_a_batch_of_one() {
    let server = TestServer::open().await;
    let key = server.key().await;
    let body = json!({ "count": 1, "username": "bob" });
    let batch = server.json("POST", PATH, &key, body.clone()).await.ok(201);
    assert_eq!(batch["items"][0]["username"], "bob");
    let answer = server.json("POST", PATH, &key, body).await;
    answer.problem(409, "username-reserved", &[], "again");
    let answer = server.json("POST", PATH, &key, json!({ "count": 2, "username": "eve" })).await;
    answer.problem(422, "invalid", &["count"], "two");
    assert_eq!(server.minted().await, 1);
}

#[tokio::test]
async fn every_invite_of_a_batch_counts_against_the_rate() {
    let server = TestServer::open().await;
    let key =
        server.key_with(vestibule_core::NewKey { rate: "5/min".parse().ok(), ..Default::default() }).await;
    let ask = |count: u32| server.json("POST", PATH, &key, json!({ "count": count }));
    ask(6).await.problem(422, "invalid", &["count"], "more than the rate ever permits");
    ask(4).await.ok(201);
    ask(2).await.problem(429, "rate-limited", &[], "more than is left");
    ask(1).await.ok(201);
    assert_eq!(server.minted().await, 5);
}
