//! Changing and revoking invites.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::test_server::{Answer, TestServer, api_client::at};

async fn edit(server: &TestServer, key: &str, invite: &Value, body: Value) -> Answer {
    server.json("PATCH", &at("invites", &invite["id"], ""), key, body).await
}

async fn revoke(server: &TestServer, key: &str, invite: &Value) {
    server.json("DELETE", &at("invites", &invite["id"], ""), key, Value::Null).await.nothing(204);
}

#[tokio::test]
async fn missing_fields_stay_and_null_removes() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body = json!({ "note": "first", "max_uses": 3, "data": { "a": 1 }, "groups": ["g"] });
    let mut invite = server.create(&key, body).await;
    let table = [
        (json!({}), json!({})),
        (json!({ "note": "second" }), json!({ "note": "second" })),
        (json!({ "note": null }), json!({ "note": null })),
        (json!({ "note": "" }), json!({ "note": "" })),
        (
            json!({ "message": " Hello\nthere ", "inviter_name": "Ann", "language": "PT-br" }),
            json!({ "message": "Hello there", "inviter_name": "Ann", "language": "pt-BR" }),
        ),
        (json!({ "message": null, "language": "" }), json!({ "message": null, "language": null })),
        (json!({ "inviter_name": "\u{200b}" }), json!({ "inviter_name": null })),
        (json!({ "message": "Again" }), json!({ "message": "Again" })),
        (json!({ "max_uses": null }), json!({ "max_uses": null })),
        (json!({ "max_uses": 4_294_967_295_u32 }), json!({ "max_uses": 4_294_967_295_u32 })),
        (json!({ "max_uses": 2, "note": "third" }), json!({ "max_uses": 2, "note": "third" })),
        (
            json!({ "expires_at": "2027-03-01T13:00:00+01:00" }),
            json!({ "expires_at": "2027-03-01T12:00:00Z" }),
        ),
        (json!({ "revoked": true }), json!({ "revoked_at": "2027-01-15T08:00:00Z", "state": "revoked" })),
        (json!({ "revoked": false }), json!({ "revoked_at": null, "state": "pending" })),
        (json!({ "revoked": false }), json!({})),
    ];
    for (body, changes) in table {
        for (field, value) in changes.as_object().unwrap() {
            invite[field] = value.clone();
        }
        for _ in 0..2 {
            assert_eq!(edit(&server, &key, &invite, body.clone()).await.ok(200), invite, "{body}");
        }
        let mut shown = server.show(&key, &invite).await;
        let fields = shown.as_object_mut().unwrap();
        fields.remove("redemptions");
        assert_eq!(fields.remove("redemptions_next_cursor"), Some(Value::Null));
        assert_eq!(shown, invite, "{body}");
    }
}

#[tokio::test]
async fn a_change_can_be_sent_as_a_merge_patch() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let invite = server.create(&key, Value::Null).await;
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/merge-patch+json")];
    let path = at("invites", &invite["id"], "");
    let answer = server.send_body("PATCH", &path, &headers, "{\"note\":\"n\"}").await;
    assert_eq!(answer.ok(200)["note"], "n");
}

#[tokio::test]
async fn revoking_twice_equals_revoking_once() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let invite = server.create(&key, Value::Null).await;
    revoke(&server, &key, &invite).await;
    server.advance(Duration::from_mins(1));
    revoke(&server, &key, &invite).await;
    let shown = server.show(&key, &invite).await;
    assert_eq!(shown["revoked_at"], "2027-01-15T08:00:00Z", "the first revocation");
    server.check(&key, &invite).await.problem(410, "token-revoked", &[], "revoked");
    edit(&server, &key, &invite, json!({ "revoked": false })).await.ok(200);
    server.check(&key, &invite).await.ok(200);
}

#[tokio::test]
async fn an_expired_invite_can_be_revived() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let invite = server.create(&key, json!({ "expires_in": "1h" })).await;
    server.advance(Duration::from_hours(1));
    server.check(&key, &invite).await.problem(410, "token-expired", &[], "expired");
    let revived = edit(&server, &key, &invite, json!({ "expires_at": "2027-01-15T09:00:01Z" })).await.ok(200);
    assert_eq!(revived["state"], "pending");
    server.check(&key, &invite).await.ok(200);
}

#[tokio::test]
async fn a_used_invite_can_get_more_uses() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let invite = server.create(&key, Value::Null).await;
    let claim = server.claim(&key, &invite, "bob").await.ok(201);
    server.complete(&key, &claim["claim"], "bob").await.ok(200);
    let used = server.show(&key, &invite).await;
    assert_eq!((&used["state"], &used["uses"]), (&json!("used"), &json!(1)));
    let again = edit(&server, &key, &invite, json!({ "max_uses": 2 })).await.ok(200);
    assert_eq!((&again["state"], &again["uses"]), (&json!("pending"), &json!(1)));
    let fewer = edit(&server, &key, &invite, json!({ "max_uses": 1 })).await.ok(200);
    assert_eq!(fewer["state"], "used");
}

#[tokio::test]
async fn a_name_reserved_by_another_invite_stays_reserved() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let first = server.create(&key, json!({ "username": "bob" })).await;
    revoke(&server, &key, &first).await;
    let second = server.create(&key, json!({ "username": "Bob" })).await;
    let answer = edit(&server, &key, &first, json!({ "revoked": false })).await;
    answer.problem(409, "username-reserved", &[], "un-revoked");
    // Other fields can be changed.
    edit(&server, &key, &first, json!({ "note": "n" })).await.ok(200);
    revoke(&server, &key, &second).await;
    edit(&server, &key, &first, json!({ "revoked": false })).await.ok(200);
}

#[tokio::test]
async fn every_wrong_field_of_a_change_is_named_and_nothing_changes() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let invite = server.create(&key, Value::Null).await;
    let before = server.show(&key, &invite).await;
    let long = "x".repeat(2001);
    let body = json!({ "expires_at": "2020-01-01T00:00:00Z", "max_uses": 0, "note": long, "revoked": true });
    let answer = edit(&server, &key, &invite, body.clone()).await;
    answer.problem(422, "invalid", &["expires_at", "max_uses", "note"], "all at once");
    let mut body = body;
    for (field, value) in [("message", "\0"), ("inviter_name", "ann@example.com"), ("language", "German")] {
        body[field] = json!(value);
    }
    let answer = edit(&server, &key, &invite, body).await;
    let fields = ["message", "inviter_name", "language", "expires_at", "max_uses", "note"];
    answer.problem(422, "invalid", &fields, "all at once");
    assert_eq!(server.show(&key, &invite).await, before);
}

#[tokio::test]
async fn a_password_reset_gets_no_inviter_name() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body = json!({ "kind": "password-reset", "username": "ann", "message": "As you asked" });
    let reset = server.create(&key, body).await;
    assert_eq!(reset["message"], "As you asked");
    let answer = edit(&server, &key, &reset, json!({ "inviter_name": "Bob", "note": "n" })).await;
    answer.problem(422, "invalid", &["inviter_name"], "a reset");
    let edited = edit(&server, &key, &reset, json!({ "inviter_name": null, "note": "n" })).await.ok(200);
    assert_eq!((&edited["inviter_name"], &edited["note"]), (&Value::Null, &json!("n")));
}
