//! Creating and reading an invite.

use serde_json::{Value, json};
use vestibule_web::Links;

use super::super::test_server::{TestServer, api_client::at};

/// All fields of an invite in their order.
const FIELDS: [&str; 23] = [
    "id",
    "host",
    "kind",
    "token",
    "url",
    "uri",
    "username",
    "inviter",
    "groups",
    "roles",
    "max_uses",
    "uses",
    "state",
    "created_at",
    "expires_at",
    "revoked_at",
    "renewal_requested_at",
    "source",
    "note",
    "data",
    "message",
    "inviter_name",
    "language",
];

fn names(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn an_empty_body_creates_an_account_invite_for_a_week() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    for body in [Value::Null, json!({})] {
        let invite = server.create(&key, body).await;
        assert_eq!(names(&invite), FIELDS);
        let token = invite["token"].as_str().unwrap();
        let expected = json!({
            "id": invite["id"],
            "host": "example.com",
            "kind": "account",
            "token": token,
            "url": format!("https://example.com/invite/{token}"),
            "uri": format!("xmpp:example.com?register;preauth={token}"),
            "username": null,
            "inviter": null,
            "groups": [],
            "roles": [],
            "max_uses": 1,
            "uses": 0,
            "state": "pending",
            "created_at": "2027-01-15T08:00:00Z",
            "expires_at": "2027-01-22T08:00:00Z",
            "revoked_at": null,
            "renewal_requested_at": null,
            "source": format!("api/token/{}", key.split_once('/').unwrap().0),
            "note": null,
            "data": null,
            "message": null,
            "inviter_name": null,
            "language": null,
        });
        assert_eq!(invite, expected);
        let mut shown = server.show(&key, &invite).await;
        assert_eq!(shown.as_object_mut().unwrap().remove("redemptions"), Some(json!([])));
        assert_eq!(shown.as_object_mut().unwrap().remove("redemptions_next_cursor"), Some(Value::Null));
        assert_eq!(shown, invite);
    }
}

#[tokio::test]
async fn every_field_is_kept() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body = json!({
        "kind": "account-and-contact",
        "inviter": "Ann",
        "groups": ["Neighbours", "Köche"],
        "roles": ["member"],
        "max_uses": null,
        "expires_in": "36h",
        "note": "für die Neuen\nin the yard",
        "data": { "z": 1, "a": { "y": [true, null, "x"] } },
        "message": "Schön, dass du kommst! 👩\u{200d}🍳",
        "inviter_name": "Änne <b>Müller</b>",
        "language": "de",
    });
    let invite = server.create(&key, body.clone()).await;
    for field in
        ["kind", "groups", "roles", "max_uses", "note", "data", "message", "inviter_name", "language"]
    {
        assert_eq!(invite[field], body[field], "{field}");
    }
    assert_eq!((&invite["inviter"], &invite["username"]), (&json!("ann"), &Value::Null));
    assert_eq!(invite["expires_at"], "2027-01-16T20:00:00Z");
    let uri = format!("xmpp:ann@example.com?roster;preauth={};ibr=y", invite["token"].as_str().unwrap());
    assert_eq!(invite["uri"], uri);
    let mut shown = server.show(&key, &invite).await;
    shown.as_object_mut().unwrap().retain(|name, _| !name.starts_with("redemptions"));
    assert_eq!(shown, invite);
}

#[tokio::test]
async fn what_is_said_to_the_invited_is_one_clean_line() {
    let server = TestServer::open().await;
    // Any key that can create an invite can say something.
    let key = server.key_for("invites:create").await;
    let long = |one: &str, count: usize| one.chars().cycle().take(count).collect::<String>();
    for one in ["x", "e\u{301}", "😀", "字", "ש", "👩\u{200d}👧"] {
        let (message, name) = (long(one, 140), long(one, 64));
        let body = json!({ "message": format!("\n {message}\r\n"), "inviter_name": format!("{name}\t") });
        let invite = server.create(&key, body).await;
        assert_eq!((&invite["message"], &invite["inviter_name"]), (&json!(message), &json!(name)));
        let body = json!({ "message": long(one, 141), "inviter_name": long(one, 65) });
        let answer = server.json("POST", "/v1/invites", &key, body).await;
        answer.problem(422, "invalid", &["message", "inviter_name"], one);
        assert!(answer.body.contains("at most 140 characters; this text has 141"), "{}", answer.body);
    }
    for (given, kept) in [
        (json!({ "message": "two\r\nlines\u{2028}\there" }), json!({ "message": "two lines here" })),
        (json!({ "message": "\u{202e}live\u{202c}\u{feff}" }), json!({ "message": "live" })),
        (json!({ "inviter_name": "\u{2068}Ann\u{2069} \n Lee" }), json!({ "inviter_name": "Ann Lee" })),
        (json!({ "language": "zh_hant-tw" }), json!({ "language": "zh-Hant-TW" })),
        (json!({ "language": "de-X-Formal" }), json!({ "language": "de-x-formal" })),
        (json!({ "language": "tlh" }), json!({ "language": "tlh" })),
        (
            json!({ "message": "", "inviter_name": " \u{200b}", "language": " " }),
            json!({ "message": null, "inviter_name": null, "language": null }),
        ),
        (
            json!({ "message": null, "inviter_name": null, "language": null }),
            json!({ "message": null, "inviter_name": null, "language": null }),
        ),
    ] {
        let invite = server.create(&key, given.clone()).await;
        for (field, value) in kept.as_object().unwrap() {
            assert_eq!(&invite[field], value, "{given}");
        }
    }
}

#[tokio::test]
async fn each_kind_can_be_created() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let table = [
        (json!({ "kind": "account" }), "xmpp:example.com?register;preauth=T"),
        (json!({ "kind": "account", "username": "Bob" }), "xmpp:bob@example.com?register;preauth=T"),
        (
            json!({ "kind": "account-and-contact", "inviter": "ann" }),
            "xmpp:ann@example.com?roster;preauth=T;ibr=y",
        ),
        (json!({ "kind": "contact", "inviter": "ann" }), "xmpp:ann@example.com?roster;preauth=T"),
        (json!({ "kind": "password-reset", "username": "ann" }), "xmpp:ann@example.com?register;preauth=T"),
    ];
    for (body, uri) in table {
        let invite = server.create(&key, body.clone()).await;
        assert_eq!(invite["kind"], body["kind"]);
        let token = invite["token"].as_str().unwrap();
        assert_eq!(invite["uri"].as_str().unwrap().replace(token, "T"), uri);
    }
}

#[tokio::test]
async fn an_expiry_is_a_duration_or_a_timestamp() {
    let server = TestServer::open().await;
    let key = server.key().await;
    let table = [
        (json!({ "expires_in": "90s" }), "2027-01-15T08:01:30Z"),
        (json!({ "expires_in": "3650d" }), "2037-01-12T08:00:00Z"),
        (json!({ "expires_in": "1w", "expires_at": null }), "2027-01-22T08:00:00Z"),
        (json!({ "expires_at": "2027-01-15T08:00:01Z" }), "2027-01-15T08:00:01Z"),
        (json!({ "expires_at": "2027-02-01T01:00:00+01:00" }), "2027-02-01T00:00:00Z"),
        (json!({ "expires_at": "2037-01-12T08:00:00Z" }), "2037-01-12T08:00:00Z"),
        (json!({ "expires_in": null, "expires_at": null }), "2027-01-22T08:00:00Z"),
    ];
    for (body, expected) in table {
        assert_eq!(server.create(&key, body.clone()).await["expires_at"], expected, "{body}");
    }
}

#[tokio::test]
async fn data_is_stored_unchanged() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    for data in [
        "{}",
        "{\"z\":1,\"a\":2,\"m\":{\"c\":[],\"b\":{}}}",
        "{\"price\":1.10,\"big\":123456789012345678901234567890,\"small\":-0.0,\"tiny\":1e-400}",
        "{\"\":null,\"nul\":\"a\\u0000b\",\"quote\":\"\\\"\\\\\",\"smile\":\"\u{1f600}\"}",
        &format!("{{\"deep\":{deep}}}"),
        &format!("{{\"long\":\"{}\"}}", "x".repeat(16_384 - 11)),
    ] {
        let answer = server.text("POST", "/v1/invites", &key, &[], format!("{{\"data\":{data}}}")).await;
        let invite = answer.ok(201);
        let path = at("invites", &invite["id"], "");
        let token = json!({ "token": invite["token"] });
        let answers = [
            answer,
            server.json("GET", &path, &key, Value::Null).await,
            server.json("GET", "/v1/invites?limit=1", &key, Value::Null).await,
            server.json("PATCH", &path, &key, json!({ "note": "n" })).await,
            server.json("POST", "/v1/redemptions/check", &key, token).await,
        ];
        for answer in answers {
            assert!(answer.body.contains(&format!("\"data\":{data}")), "{data}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn the_location_can_be_fetched_below_the_path_of_links_too() {
    for (public, prefix) in [("https://example.com", ""), ("https://example.com/join/", "/join")] {
        let server = TestServer::with(Links::new(public).unwrap(), None).await;
        let key = server.key_for("bridge").await;
        for called in ["", prefix] {
            let answer = server.json("POST", &format!("{called}/v1/invites"), &key, Value::Null).await;
            let invite = answer.ok(201);
            let location = answer.header("location").unwrap();
            assert_eq!(location, format!("{prefix}{}", at("invites", &invite["id"], "")));
            let shown = server.json("GET", location, &key, Value::Null).await.ok(200);
            assert_eq!(shown["id"], invite["id"]);
            let url = invite["url"].as_str().unwrap();
            assert!(url.starts_with(&format!("https://example.com{prefix}/invite/")), "{url}");
            let page = url.strip_prefix("https://example.com").unwrap();
            assert_eq!(server.get(page).await.status.as_u16(), 200, "{url}");
        }
    }
}

#[tokio::test]
async fn an_unknown_id_is_not_found() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let id = server.create(&key, Value::Null).await["id"].as_str().unwrap().to_owned();
    for id in ["00000000000000000000000000", "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "1", &id[1..], &format!("{id}0")] {
        for (method, body) in [("GET", Value::Null), ("PATCH", json!({})), ("DELETE", Value::Null)] {
            let answer = server.json(method, &format!("/v1/invites/{id}"), &key, body).await;
            answer.problem(404, "not-found", &[], &format!("{method} {id}"));
        }
    }
}
