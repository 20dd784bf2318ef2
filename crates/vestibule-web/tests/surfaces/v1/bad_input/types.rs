//! Every field of every body with every wrong JSON type.

use serde_json::{Value, json};

use super::{BATCH, CHECK, CLAIM, COMPLETE, CREATE, EDIT, KEY, Row};

/// A request, its other fields, and its fields: name, type, and whether `null` is valid.
type Shape = ((&'static str, &'static str), Value, &'static [(&'static str, &'static str, bool)]);

const INVITE: &[(&str, &str, bool)] = &[
    ("kind", "string", true),
    ("username", "string", true),
    ("inviter", "string", true),
    ("groups", "list", true),
    ("roles", "list", true),
    ("max_uses", "number", true),
    ("expires_in", "string", true),
    ("expires_at", "string", true),
    ("note", "string", true),
    ("data", "object", true),
    ("message", "string", true),
    ("inviter_name", "string", true),
    ("language", "string", true),
];

fn shapes() -> [Shape; 8] {
    [
        (CREATE, json!({}), INVITE),
        (BATCH, json!({ "count": 2 }), INVITE),
        (BATCH, json!({}), &[("count", "number", false)]),
        (
            EDIT,
            json!({}),
            &[
                ("expires_at", "string", false),
                ("max_uses", "number", true),
                ("note", "string", true),
                ("message", "string", true),
                ("inviter_name", "string", true),
                ("language", "string", true),
                ("revoked", "boolean", false),
            ],
        ),
        (CHECK, json!({ "token": "TOKEN" }), &[("token", "string", false), ("username", "string", true)]),
        (
            CLAIM,
            json!({ "token": "TOKEN", "username": "bob" }),
            &[("token", "string", false), ("username", "string", true), ("admission", "string", true)],
        ),
        (COMPLETE, json!({ "jid": "bob@example.com" }), &[("jid", "string", false), ("via", "string", true)]),
        (
            KEY,
            json!({}),
            &[
                ("name", "string", true),
                ("scopes", "list", true),
                ("expires_in", "string", true),
                ("expires_at", "string", true),
                ("rate", "string", true),
            ],
        ),
    ]
}

/// Values of each type. Numbers that are not 32-bit integers are separate types.
const VALUES: [(&str, &str); 13] = [
    ("null", "null"),
    ("boolean", "true"),
    ("number", "2"),
    ("other number", "-1"),
    ("other number", "1.5"),
    ("other number", "2.0"),
    ("other number", "1e3"),
    ("other number", "4294967296"),
    ("other number", "999999999999999999999999999999"),
    ("string", "\"2\""),
    ("list", "[]"),
    ("list", "[2]"),
    ("object", "{}"),
];

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (to, rest, fields) in shapes() {
        for (field, wanted, nullable) in fields {
            for (found, value) in VALUES {
                if found == *wanted && value != "[2]" || found == "null" && *nullable {
                    continue;
                }
                let mut body = rest.clone();
                body[field] = serde_json::from_str(value).unwrap();
                let named = if found == *wanted { format!("{field}[0]") } else { (*field).to_owned() };
                rows.push(Row::invalid(to, &body, &[&named]));
            }
        }
    }
    rows
}
