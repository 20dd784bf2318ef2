//! Fields that are invalid together, and unknown fields.

use serde_json::json;

use super::{BATCH, CHECK, CLAIM, COMPLETE, CREATE, EDIT, KEY, Row};

pub(super) fn rows() -> Vec<Row> {
    let clashes = [
        (json!({ "expires_in": "1d", "expires_at": "2027-01-16T08:00:00Z" }), vec!["expires_at"]),
        (json!({ "kind": "contact" }), vec!["inviter"]),
        (json!({ "kind": "account-and-contact" }), vec!["inviter"]),
        (json!({ "kind": "contact", "inviter": null }), vec!["inviter"]),
        (json!({ "kind": "contact", "inviter": "ann", "username": "bob" }), vec!["username"]),
        (json!({ "kind": "contact", "inviter": "ann", "groups": ["g"] }), vec!["groups"]),
        (json!({ "kind": "contact", "inviter": "ann", "roles": ["r"] }), vec!["groups"]),
        (json!({ "kind": "password-reset" }), vec!["username"]),
        (json!({ "kind": "password-reset", "username": "ann", "inviter": "bob" }), vec!["inviter"]),
        (json!({ "kind": "password-reset", "username": "ann", "roles": ["r"] }), vec!["groups"]),
        (json!({ "kind": "password-reset", "username": "ann", "max_uses": 2 }), vec!["max_uses"]),
        (json!({ "kind": "password-reset", "username": "ann", "inviter_name": "Bob" }), vec!["inviter_name"]),
        (json!({ "username": "bob", "max_uses": null }), vec!["max_uses"]),
        (json!({ "username": "bob", "max_uses": 2 }), vec!["max_uses"]),
        (json!({ "username": "bob", "inviter": "BOB" }), vec!["inviter"]),
        // All errors are reported together.
        (json!({ "kind": "flat", "expires_in": "x", "note": "\0" }), vec!["kind", "expires_in", "note"]),
        (
            json!({ "message": "\0", "inviter_name": "a@b", "language": "German", "note": "\0" }),
            vec!["message", "inviter_name", "language", "note"],
        ),
        (
            json!({ "kind": "contact", "max_uses": 0, "groups": [""], "username": "bob", "note": "\0" }),
            vec!["username", "inviter", "groups", "max_uses", "max_uses", "groups", "note"],
        ),
    ];
    let mut rows: Vec<_> = clashes.iter().map(|(body, fields)| Row::invalid(CREATE, body, fields)).collect();
    rows.extend(clashes.into_iter().map(|(mut body, fields)| {
        body["count"] = json!(1);
        Row::invalid(BATCH, &body, &fields)
    }));
    rows.extend([
        Row::invalid(BATCH, &json!({ "count": 2, "username": "bob" }), &["count"]),
        Row::invalid(BATCH, &json!({ "count": 2, "kind": "password-reset", "username": "bob" }), &["count"]),
        Row::invalid(BATCH, &json!({}), &["count"]),
        Row::invalid(BATCH, &json!({ "note": "n" }), &["count"]),
        Row::invalid(CHECK, &json!({}), &["token"]),
        Row::invalid(CHECK, &json!({ "username": "bob" }), &["token"]),
        Row::invalid(CLAIM, &json!({}), &["token"]),
        Row::invalid(COMPLETE, &json!({}), &["jid"]),
        Row::invalid(COMPLETE, &json!({ "jid": "", "via": "" }), &["jid", "via"]),
        Row::invalid(EDIT, &json!({ "note": "\0", "max_uses": 0 }), &["max_uses", "note"]),
        Row::invalid(
            KEY,
            &json!({ "expires_in": "1d", "expires_at": "2027-01-16T08:00:00Z" }),
            &["expires_at"],
        ),
        Row::invalid(
            KEY,
            &json!({ "scopes": [], "expires_in": "x", "rate": "x" }),
            &["scopes", "expires_in", "rate"],
        ),
    ]);
    // A field of another body is unknown too.
    let unknown = ["max_use", "Kind", "host", "token ", "", "id", "a`b", "`, expected ", "ü", "\0", "uses"];
    for (to, rest) in [
        (CREATE, json!({})),
        (BATCH, json!({ "count": 2 })),
        (EDIT, json!({ "note": "n" })),
        (CHECK, json!({ "token": "TOKEN" })),
        (CLAIM, json!({ "token": "TOKEN", "username": "bob" })),
        (COMPLETE, json!({ "jid": "bob@example.com" })),
        (KEY, json!({})),
    ] {
        for name in unknown {
            let mut body = rest.clone();
            body[name] = json!("x");
            rows.push(Row::invalid(to, &body, &[name]));
        }
    }
    for (to, name) in
        [(CREATE, "count"), (EDIT, "kind"), (EDIT, "expires_in"), (EDIT, "data"), (CHECK, "admission")]
    {
        rows.push(Row::invalid(to, &json!({ name: "x", "token": "TOKEN" }), &[name]));
    }
    rows
}
