//! The redemption of invites over HTTP.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::test_server::{Answer, TestServer, api_client::at};

const REDEEM: &str = "/v1/redemptions";

async fn server() -> (TestServer, String) {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    (server, key)
}

/// Claims with an admission.
async fn admitted(server: &TestServer, key: &str, invite: &Value, name: &str, admission: &Value) -> Answer {
    let body = json!({ "token": invite["token"], "username": name, "admission": admission });
    server.json("POST", REDEEM, key, body).await
}

async fn release(server: &TestServer, key: &str, claim: &Value) -> Answer {
    server.json("DELETE", &at("redemptions", claim, ""), key, Value::Null).await
}

#[tokio::test]
async fn an_invite_is_redeemed() {
    let (server, key) = server().await;
    let body = json!({ "kind": "account-and-contact", "inviter": "ann", "note": "private" });
    let invite = server.create(&key, body).await;
    let token = json!({ "token": invite["token"], "username": "Bob" });
    let mut checked = server.json("POST", "/v1/redemptions/check", &key, token).await.ok(200);
    let admission = checked.as_object_mut().unwrap().remove("admission").unwrap();
    let mut expected = invite.clone();
    expected["note"] = Value::Null;
    assert_eq!(checked, expected, "without the note");

    let claim = admitted(&server, &key, &invite, "Bob", &admission).await.ok(201);
    let expected = json!({
        "claim": claim["claim"],
        "invite": invite["id"],
        "expires_at": "2027-01-15T08:01:00Z",
    });
    assert_eq!(claim, expected);
    server.check(&key, &invite).await.ok(200);
    assert_eq!(server.show(&key, &invite).await["uses"], 0, "a claim is not a use yet");

    let done = server.complete(&key, &claim["claim"], "bob").await.ok(200);
    assert_eq!(done, json!({ "claim": claim["claim"], "invite": invite["id"], "over_use": false }));
    server.advance(Duration::from_hours(1));
    // A repeat has the same answer, whatever it contains.
    assert_eq!(server.complete(&key, &claim["claim"], "bob").await.ok(200), done);
    release(&server, &key, &claim["claim"]).await.problem(409, "claim-completed", &[], "too late");
    let shown = server.show(&key, &invite).await;
    let redemption = json!({
        "claim": claim["claim"],
        "username": "bob",
        "jid": "bob@example.com",
        "via": "ibr",
        "at": "2027-01-15T08:00:00Z",
        "over_use": false,
    });
    assert_eq!((&shown["uses"], &shown["redemptions"]), (&json!(1), &json!([redemption])));
    server.check(&key, &invite).await.problem(410, "token-used", &[], "used");
    server.claim(&key, &invite, "eve").await.problem(410, "token-used", &[], "used");
}

#[tokio::test]
async fn a_claim_ends_by_release_or_expiry() {
    let (server, key) = server().await;
    let invite = server.create(&key, Value::Null).await;
    let claim = server.claim(&key, &invite, "bob").await.ok(201);
    let held = server.claim(&key, &invite, "eve").await;
    assert_eq!(held.header("retry-after"), Some("60"));
    held.problem(409, "token-busy", &[], "held");
    for _ in 0..2 {
        release(&server, &key, &claim["claim"]).await.nothing(204);
    }
    server.claim(&key, &invite, "eve").await.ok(201);
    server.advance(Duration::from_millis(59_999));
    server.claim(&key, &invite, "ann").await.problem(409, "token-busy", &[], "still held");
    server.advance(Duration::from_millis(1));
    server.claim(&key, &invite, "ann").await.ok(201);
}

#[tokio::test]
async fn a_late_completion_is_recorded_as_over_use() {
    let (server, key) = server().await;
    let invite = server.create(&key, Value::Null).await;
    let late = server.claim(&key, &invite, "bob").await.ok(201);
    server.advance(Duration::from_mins(1));
    let quick = server.claim(&key, &invite, "eve").await.ok(201);
    let done = server.complete(&key, &quick["claim"], "eve").await.ok(200);
    assert_eq!(done["over_use"], false);
    for _ in 0..2 {
        assert_eq!(server.complete(&key, &late["claim"], "bob").await.ok(200)["over_use"], true);
    }
    let shown = server.show(&key, &invite).await;
    assert_eq!(shown["uses"], 2);
    assert_eq!(shown["redemptions"][1]["over_use"], true);
    let events = server.json("GET", "/v1/events", &key, Value::Null).await.ok(200);
    assert_eq!(events["items"].as_array().unwrap().last().unwrap()["action"], "invite.over-used");
}

#[tokio::test]
async fn an_admission_outlives_the_expiry_for_an_hour() {
    let (server, key) = server().await;
    let invite = server.create(&key, json!({ "expires_in": "1m", "max_uses": null })).await;
    server.advance(Duration::from_secs(30));
    let admission = server.check(&key, &invite).await.ok(200)["admission"].clone();
    server.advance(Duration::from_secs(30));
    server.check(&key, &invite).await.problem(410, "token-expired", &[], "checked");
    server.claim(&key, &invite, "bob").await.problem(410, "token-expired", &[], "claimed");
    let claim = admitted(&server, &key, &invite, "bob", &admission).await.ok(201);
    server.complete(&key, &claim["claim"], "bob").await.ok(200);
    server.advance(Duration::from_millis(3_569_999));
    let claim = admitted(&server, &key, &invite, "eve", &admission).await.ok(201);
    release(&server, &key, &claim["claim"]).await.nothing(204);
    server.advance(Duration::from_millis(1));
    let answer = admitted(&server, &key, &invite, "eve", &admission).await;
    answer.problem(410, "token-expired", &[], "an hour later");
}

#[tokio::test]
async fn an_admission_is_valid_for_its_invite_only() {
    let (server, key) = server().await;
    let (one, two) = (server.create(&key, Value::Null).await, server.create(&key, Value::Null).await);
    let admission = server.check(&key, &one).await.ok(200)["admission"].clone();
    let text = admission.as_str().unwrap();
    let longer = format!("{text}A");
    for (invite, admission) in [(&two, text), (&one, &text[1..]), (&one, &longer), (&one, ""), (&one, "ü")] {
        let answer = admitted(&server, &key, invite, "bob", &json!(admission)).await;
        answer.problem(422, "invalid", &["admission"], admission);
    }
    server.json("DELETE", &at("invites", &one["id"], ""), &key, Value::Null).await.nothing(204);
    let answer = admitted(&server, &key, &one, "bob", &admission).await;
    answer.problem(410, "token-revoked", &[], "revoked since");
}

#[tokio::test]
async fn an_admission_claims_again_only_after_its_claim_ended() {
    let (server, key) = server().await;
    let invite = server.create(&key, Value::Null).await;
    let admission = server.check(&key, &invite).await.ok(200)["admission"].clone();
    let first = admitted(&server, &key, &invite, "bob", &admission).await.ok(201);
    assert_eq!(admitted(&server, &key, &invite, "bob", &admission).await.ok(201), first, "a repeat");
    let other = admitted(&server, &key, &invite, "bobby", &admission).await;
    other.problem(409, "token-busy", &[], "the account of the first claim may exist");
    server.claim(&key, &invite, "eve").await.problem(409, "token-busy", &[], "one use is one use");
    let mut body = json!({
        "token": invite["token"], "username": "bobby", "admission": admission, "replaces": "nonsense",
    });
    let answer = server.json("POST", REDEEM, &key, body.clone()).await;
    answer.problem(422, "invalid", &["replaces"], "not a claim");
    body["replaces"] = first["claim"].clone();
    let second = server.json("POST", REDEEM, &key, body).await.ok(201)["claim"].clone();
    // The first claim has ended already.
    release(&server, &key, &first["claim"]).await.nothing(204);
    let answer = server.complete(&key, &second, "bob").await;
    answer.problem(422, "invalid", &["jid"], "an account other than the claimed one");
    assert_eq!(server.complete(&key, &second, "bobby").await.ok(200)["over_use"], false);
    let answer = server.complete(&key, &second, "bob").await;
    answer.problem(409, "claim-completed", &[], "by another account");
    assert_eq!(server.show(&key, &invite).await["redemptions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_bound_username_is_reserved_for_its_invite() {
    let (server, key) = server().await;
    let bound = server.create(&key, json!({ "username": "Bob" })).await;
    let open = server.create(&key, Value::Null).await;
    let reset = server.create(&key, json!({ "kind": "password-reset", "username": "ann" })).await;
    let table = [
        (&bound, "eve", Some("username-not-allowed")),
        (&bound, "BOB", None),
        (&open, "bob", Some("username-reserved")),
        (&open, "admin", Some("username-not-allowed")),
        (&reset, "bob", Some("username-not-allowed")),
        (&reset, "ann", None),
        (&open, "ann", None),
    ];
    for (invite, name, refusal) in table {
        let body = json!({ "token": invite["token"], "username": name });
        let check = server.json("POST", "/v1/redemptions/check", &key, body).await;
        let claim = server.claim(&key, invite, name).await;
        if let Some(refusal) = refusal {
            check.problem(409, refusal, &[], name);
            claim.problem(409, refusal, &[], name);
        } else {
            check.ok(200);
            claim.ok(201);
        }
    }
    // A check without a username succeeds, but the claim is refused.
    server.check(&key, &open).await.ok(200);
    let answer = server.json("POST", REDEEM, &key, json!({ "token": open["token"] })).await;
    answer.problem(409, "username-not-allowed", &[], "the claim knows");
}

#[tokio::test]
async fn a_contact_redeems_without_a_username() {
    let (server, key) = server().await;
    let contact = server.create(&key, json!({ "kind": "contact", "inviter": "ann" })).await;
    let account = server.create(&key, Value::Null).await;
    server.claim(&key, &contact, "bob").await.problem(409, "username-not-allowed", &[], "contact");
    for body in [json!({ "token": account["token"] }), json!({ "token": account["token"], "username": null })]
    {
        let answer = server.json("POST", REDEEM, &key, body).await;
        answer.problem(409, "username-not-allowed", &[], "account");
    }
    let claim = server.json("POST", REDEEM, &key, json!({ "token": contact["token"] })).await.ok(201);
    let path = at("redemptions", &claim["claim"], "/complete");
    server.json("POST", &path, &key, json!({ "jid": "Bob@far.example" })).await.ok(200);
    let redemption = &server.show(&key, &contact).await["redemptions"][0];
    assert_eq!((&redemption["username"], &redemption["jid"]), (&Value::Null, &json!("bob@far.example")));
    assert_eq!(redemption["via"], "api", "the default");
}

#[tokio::test]
async fn a_username_is_reserved_until_use_revocation_or_expiry() {
    let (server, key) = server().await;
    for (path, shown) in [("bob", "bob"), ("B%C3%96B", "böb")] {
        let free = server.json("GET", &format!("/v1/usernames/{path}"), &key, Value::Null).await.ok(200);
        assert_eq!(free, json!({ "username": shown, "reserved": false, "invite": null }));
    }
    for end in ["use", "revocation", "expiry"] {
        let invite = server.create(&key, json!({ "username": "bob", "expires_in": "1h" })).await;
        let held = server.json("GET", "/v1/usernames/Bob", &key, Value::Null).await.ok(200);
        assert_eq!(held, json!({ "username": "bob", "reserved": true, "invite": invite["id"] }), "{end}");
        match end {
            "use" => {
                let claim = server.claim(&key, &invite, "bob").await.ok(201);
                server.complete(&key, &claim["claim"], "bob").await.ok(200);
            }
            "revocation" => {
                let path = at("invites", &invite["id"], "");
                server.json("DELETE", &path, &key, Value::Null).await.nothing(204);
            }
            _ => server.advance(Duration::from_hours(1)),
        }
        let free = server.json("GET", "/v1/usernames/bob", &key, Value::Null).await.ok(200);
        assert_eq!(free["reserved"], false, "{end}");
    }
}

#[tokio::test]
async fn an_unknown_token_cannot_be_redeemed() {
    let (server, key) = server().await;
    let invite = server.create(&key, Value::Null).await;
    let token = invite["token"].as_str().unwrap();
    let other = format!("{}0", &token[..27]);
    for token in ["", "x", &token[1..], &format!("{token}\0"), &"x".repeat(100_000), &other] {
        let body = json!({ "token": token, "username": "bob" });
        for path in [REDEEM, "/v1/redemptions/check"] {
            let answer = server.json("POST", path, &key, body.clone()).await;
            answer.problem(404, "token-unknown", &[], path);
        }
    }
    for claim in ["x", "00000000000000000000000000", "../check", "%00"] {
        let path = format!("{REDEEM}/{}", claim.replace('/', "%2F"));
        server.json("DELETE", &path, &key, Value::Null).await.problem(404, "not-found", &[], claim);
        let answer = server.json("POST", &format!("{path}/complete"), &key, json!({ "jid": "a@b" })).await;
        answer.problem(404, "not-found", &[], claim);
    }
}

#[tokio::test]
async fn a_token_can_be_pasted_with_surrounding_text() {
    let (server, key) = server().await;
    let invite = server.create(&key, json!({ "max_uses": 20 })).await;
    let token = invite["token"].as_str().unwrap();
    for pasted in [
        format!(" {token}\n"),
        format!("{token}."),
        format!("https://example.com/invite/{token}/?lang=de"),
        format!("xmpp:example.com?register;preauth={token}"),
    ] {
        let body = json!({ "token": pasted });
        let checked = server.json("POST", "/v1/redemptions/check", &key, body).await.ok(200);
        assert_eq!((&checked["id"], &checked["token"]), (&invite["id"], &invite["token"]), "{pasted}");
        let body = json!({ "token": pasted, "username": "bob", "admission": checked["admission"] });
        let claim = server.json("POST", REDEEM, &key, body).await.ok(201);
        assert_eq!(claim["invite"], invite["id"], "{pasted}");
    }
    for (letters, case) in [("x", "a letter"), ("ü", "a letter of another script"), (token, "a token")] {
        let body = json!({ "token": format!("{token}{letters}") });
        server.json("POST", "/v1/redemptions/check", &key, body).await.problem(
            404,
            "token-unknown",
            &[],
            case,
        );
    }
}
