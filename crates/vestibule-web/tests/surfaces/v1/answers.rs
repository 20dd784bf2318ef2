//! Snapshots of whole responses: status, headers and body.

use std::path::Path;

use serde_json::{Value, json};

use super::super::{
    snapshot::snapshot,
    test_server::{TestServer, api_client::at},
};

#[tokio::test]
async fn the_life_of_an_invite() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body = json!({ "username": "ann", "note": "for Ann", "groups": ["choir"], "data": { "ticket": 7 } });
    let created = server.json("POST", "/v1/invites", &key, body).await;
    snapshot!("create_invite", created);
    let invite = created.ok(201);
    snapshot!("show_invite", server.json("GET", &at("invites", &invite["id"], ""), &key, Value::Null).await);
    snapshot!("list_invites", server.json("GET", "/v1/invites?limit=1", &key, Value::Null).await);
    let changes = json!({ "note": null, "max_uses": 2 });
    snapshot!("edit_invite", server.json("PATCH", &at("invites", &invite["id"], ""), &key, changes).await);
    snapshot!("show_username", server.json("GET", "/v1/usernames/ann", &key, Value::Null).await);
    snapshot!("check_token", server.check(&key, &invite).await);
    let released = server.claim(&key, &invite, "ann").await.ok(201)["claim"].clone();
    let path = at("redemptions", &released, "");
    snapshot!("release", server.json("DELETE", &path, &key, Value::Null).await);
    let claimed = server.claim(&key, &invite, "ann").await;
    snapshot!("claim", claimed);
    let claim = claimed.ok(201)["claim"].clone();
    snapshot!("complete", server.complete(&key, &claim, "ann").await);
    snapshot!("list_members", server.json("GET", "/v1/members", &key, Value::Null).await);
    snapshot!("show_member", server.json("GET", "/v1/members/ann", &key, Value::Null).await);
    let path = at("invites", &invite["id"], "/redemptions");
    snapshot!("list_redemptions", server.json("GET", &path, &key, Value::Null).await);
    snapshot!(
        "revoke_invite",
        server.json("DELETE", &at("invites", &invite["id"], ""), &key, Value::Null).await
    );
    snapshot!("check_revoked_token", server.check(&key, &invite).await);
    let change = json!({ "change": "disabled" });
    snapshot!("report_account_change", server.json("POST", "/v1/accounts/ann", &key, change).await);
    let change = json!({ "may_invite": false });
    snapshot!("edit_member", server.json("PATCH", "/v1/members/ann", &key, change).await);
    let refused = json!({ "kind": "contact", "inviter": "ann" });
    snapshot!("create_by_stopped_member", server.json("POST", "/v1/invites", &key, refused).await);
    let path = "/v1/members/ann/invites?branch=true";
    snapshot!("revoke_invites_of_member", server.json("DELETE", path, &key, Value::Null).await);
    snapshot!("list_events", server.json("GET", "/v1/events", &key, Value::Null).await);
}

#[tokio::test]
async fn keys_batches_and_problems() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body =
        json!({ "name": "Portal", "scopes": ["invites:create"], "expires_in": "90d", "rate": "60/min" });
    let created = server.json("POST", "/v1/keys", &key, body).await;
    snapshot!("create_key", created);
    snapshot!("list_keys", server.json("GET", "/v1/keys", &key, Value::Null).await);
    let path = at("keys", &created.ok(201)["id"], "");
    snapshot!("delete_key", server.json("DELETE", &path, &key, Value::Null).await);
    let csv = [("accept", "text/csv")];
    let batch = json!({ "count": 2, "expires_in": "1d", "groups": ["choir"] });
    snapshot!("create_batch", server.json("POST", "/v1/invites/batch", &key, batch.clone()).await);
    snapshot!("create_batch_csv", server.json_with("POST", "/v1/invites/batch", &key, &csv, batch).await);
    let wrong = json!({ "max_uses": 0, "expires_in": "soon", "nots": "x" });
    snapshot!("unknown_field", server.json("POST", "/v1/invites", &key, wrong).await);
    let wrong = json!({ "max_uses": 0, "expires_in": "soon" });
    snapshot!("invalid_fields", server.json("POST", "/v1/invites", &key, wrong).await);
    snapshot!("unauthorized", server.json("GET", "/v1/invites", "a/b", Value::Null).await);
    snapshot!("create_by_invites_api", server.mint_with(&key).await);
    snapshot!("invites_api_without_key", server.get("/invites_api").await);
    let ahead = [("sec-purpose", "prefetch")];
    snapshot!("invites_api_prefetch", server.send("GET", "/invites_api", &ahead).await);
    snapshot!("invites_api_options", server.send("OPTIONS", "/invites_api", &[]).await);
    snapshot!("invites_api_put", server.send("PUT", "/invites_api", &[]).await);
    snapshot!("invites_api_redirect", server.get(&format!("/invites_api?key={key}&redirect=1")).await);
}

#[test]
fn every_operation_has_a_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/surfaces/v1/snapshots");
    let description: Value = serde_json::from_str(&vestibule_web::v1::openapi_json()).unwrap();
    for item in description["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(folder.join(format!("{id}.snap")).is_file(), "{id}: add its response above");
        }
    }
}
