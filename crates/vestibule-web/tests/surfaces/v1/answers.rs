//! Snapshots of whole responses: status, headers and body.

use std::fmt::Write;

use serde_json::{Value, json};

use super::super::test_server::{Answer, TestServer, api_client::at};

/// A response as text. Values that depend on the time of the test run are replaced.
fn text(answer: &Answer) -> String {
    let mut text = format!("{}\n", answer.status);
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    headers.sort_unstable();
    for (name, value) in headers {
        let value = if name == "x-request-id" { "[request id]" } else { value };
        writeln!(text, "{name}: {value}").unwrap();
    }
    let body = match serde_json::from_str::<Value>(&answer.body) {
        Ok(mut body) => {
            if body.get("request_id").is_some() {
                body["request_id"] = json!("[request id]");
            }
            serde_json::to_string_pretty(&body).unwrap()
        }
        Err(_) => answer.body.clone(),
    };
    format!("{text}\n{body}")
}

macro_rules! snapshot {
    ($name:literal, $answer:expr) => {
        let text = text(&$answer);
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
            insta::assert_snapshot!($name, text);
        });
    };
}

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
    let claimed = server.claim(&key, &invite, "ann").await;
    snapshot!("claim", claimed);
    let claim = claimed.ok(201)["claim"].clone();
    snapshot!("complete", server.complete(&key, &claim, "ann").await);
    let path = at("invites", &invite["id"], "/redemptions");
    snapshot!("list_redemptions", server.json("GET", &path, &key, Value::Null).await);
    snapshot!(
        "revoke_invite",
        server.json("DELETE", &at("invites", &invite["id"], ""), &key, Value::Null).await
    );
    snapshot!("check_revoked_token", server.check(&key, &invite).await);
    let change = json!({ "change": "disabled" });
    snapshot!("report_account_change", server.json("POST", "/v1/accounts/ann", &key, change).await);
    snapshot!("list_events", server.json("GET", "/v1/events", &key, Value::Null).await);
}

#[tokio::test]
async fn keys_batches_and_problems() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body =
        json!({ "name": "Portal", "scopes": ["invites:create"], "expires_in": "90d", "rate": "60/min" });
    snapshot!("create_key", server.json("POST", "/v1/keys", &key, body).await);
    let csv = [("accept", "text/csv")];
    let batch = json!({ "count": 2, "expires_in": "1d" });
    snapshot!("create_batch_csv", server.json_with("POST", "/v1/invites/batch", &key, &csv, batch).await);
    let wrong = json!({ "max_uses": 0, "expires_in": "soon", "nots": "x" });
    snapshot!("unknown_field", server.json("POST", "/v1/invites", &key, wrong).await);
    let wrong = json!({ "max_uses": 0, "expires_in": "soon" });
    snapshot!("invalid_fields", server.json("POST", "/v1/invites", &key, wrong).await);
    snapshot!("unauthorized", server.json("GET", "/v1/invites", "a/b", Value::Null).await);
    snapshot!("create_by_invites_api", server.mint_with(&key).await);
    snapshot!("invites_api_without_key", server.get("/invites_api").await);
}
