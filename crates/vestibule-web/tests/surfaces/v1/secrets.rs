//! Secrets in requests are not logged, and not repeated in other answers.

use serde_json::{Value, json};
use vestibule_core::NewKey;

use super::super::{
    log,
    test_server::{TestServer, api_client::at},
};

const NOTE: &str = "for Ann, whose birthday it is";
const MESSAGE: &str = "Happy birthday to you, dear Ann";
const INVITER_NAME: &str = "Great-aunt Hedwig";

#[tokio::test]
async fn no_secret_of_a_request_is_logged() {
    log::listen();
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let slow = NewKey { rate: "1/h".parse().ok(), ..NewKey::default() };
    let slow = server.key_with(slow).await;
    let data = json!({ "shoe": "size-forty-four" });
    let said = json!({ "note": NOTE, "message": MESSAGE, "inviter_name": INVITER_NAME });
    let mut body = said.clone();
    (body["data"], body["max_uses"]) = (data, json!(2));
    let invite = server.create(&key, body).await;
    server.json("PATCH", &at("invites", &invite["id"], ""), &key, said).await.ok(200);
    let batch =
        server.json("POST", "/v1/invites/batch", &key, json!({ "count": 2, "note": NOTE })).await.ok(201);
    let idempotency_key = [("idempotency-key", "hidden-request-key")];
    server.json_with("POST", "/v1/invites", &key, &idempotency_key, Value::Null).await.ok(201);
    let admission = server.check(&key, &invite).await.ok(200)["admission"].clone();
    let token = &invite["token"];
    let body = json!({ "token": token, "username": "bob", "admission": admission });
    let claim = server.json("POST", "/v1/redemptions", &key, body).await.ok(201);
    server.complete(&key, &claim["claim"], "bob").await.ok(200);
    let made = server.json("POST", "/v1/keys", &key, json!({ "name": "portal" })).await.ok(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let secret_of = |key: &str| key.split_once('/').unwrap().1.to_owned();
    let secrets = [
        text(token),
        text(&batch["items"][0]["token"]),
        text(&batch["items"][1]["token"]),
        text(&admission),
        secret_of(&key),
        secret_of(&slow),
        secret_of(made["key"].as_str().unwrap()),
        "mistyped-secret".to_owned(),
        "hidden-request-key".to_owned(),
        "size-forty-four".to_owned(),
        NOTE.to_owned(),
        MESSAGE.to_owned(),
        INVITER_NAME.to_owned(),
    ];

    // Every secret in every wrong place.
    let mut refusals = Vec::new();
    let paths = ["/v1/invites", "/v1/invites/batch", "/v1/redemptions", "/v1/redemptions/check", "/v1/keys"];
    for secret in &secrets {
        let wrong = [
            json!({ "max_uses": secret, "token": [secret], "name": { "a": secret }, "count": secret }),
            json!({ "count": 1, "kind": secret, "expires_in": secret, "note": format!("{secret}\0") }),
            json!({ "message": format!("{secret}\0"), "inviter_name": format!("{secret}@"), "language": secret }),
            json!({ "token": secret, "username": format!("{secret}@"), "admission": secret }),
            json!({ "scopes": [secret], "rate": secret, "expires_at": secret, "jid": secret, "via": secret }),
            json!([secret]),
            json!(secret),
        ];
        for body in wrong {
            for path in paths {
                refusals.push(server.json("POST", path, &key, body.clone()).await);
            }
            refusals.push(server.json("PATCH", &at("invites", &invite["id"], ""), &key, body.clone()).await);
            let path = at("redemptions", &claim["claim"], "/complete");
            refusals.push(server.json("POST", &path, &key, body).await);
        }
        // Names of fields are repeated only to the sender.
        server.json("POST", "/v1/invites", &key, json!({ secret: 1 })).await;
        let encoded = secret.replace(' ', "%20");
        for path in ["/v1/invites?state=", "/v1/invites/", "/v1/events?cursor=", "/v1/nothing/"] {
            refusals.push(server.json("GET", &format!("{path}{encoded}"), &key, Value::Null).await);
        }
        for path in ["/v1/redemptions/", "/v1/keys/"] {
            refusals.push(server.json("DELETE", &format!("{path}{encoded}"), &key, Value::Null).await);
        }
        let bad = format!("{}/x{secret}", key.split_once('/').unwrap().0);
        refusals.push(server.json("GET", "/v1/keys", &bad, Value::Null).await);
    }
    server.create(&slow, json!({ "note": NOTE })).await;
    refusals.push(server.json("POST", "/v1/invites", &slow, json!({ "note": NOTE })).await);
    server.break_randomness(true);
    refusals.push(server.json("POST", "/v1/invites", &key, json!({ "note": NOTE })).await);
    refusals.push(server.check(&key, &invite).await);

    let heard = log::heard();
    for problem in ["invalid", "unavailable", "rate-limited", "not-found", "unauthorized"] {
        assert!(heard.contains(&format!("problem=\"{problem}\"")), "{problem} is not logged");
    }
    for secret in &secrets {
        assert!(!heard.contains(secret), "{secret} is in the log");
        for refusal in &refusals {
            assert!(!refusal.status.is_success(), "{refusal:?}");
            assert!(!format!("{refusal:?}").contains(secret), "{secret} is in {refusal:?}");
        }
    }
}
