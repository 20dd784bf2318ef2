//! Invalid values of the right type.

use serde_json::{Value, json};

use super::{BATCH, CHECK, CLAIM, COMPLETE, CREATE, EDIT, KEY, Row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (field, values) in invite() {
        for value in values {
            rows.push(Row::invalid(CREATE, &json!({ field: value }), &[field]));
            rows.push(Row::invalid(BATCH, &json!({ "count": 2, field: value }), &[field]));
        }
    }
    for name in names() {
        let username = json!({ "username": name });
        rows.push(Row::invalid(CREATE, &username, &["username"]));
        rows.push(Row::invalid(CREATE, &json!({ "inviter": name }), &["inviter"]));
        let body = json!({ "token": "TOKEN", "username": name });
        rows.push(Row::invalid(CHECK, &body, &["username"]));
        rows.push(Row::invalid(CLAIM, &body, &["username"]));
    }
    let others = [
        (BATCH, json!({}), "count", vec![json!(0), json!(10_001), json!(4_294_967_295_u32)]),
        (EDIT, json!({}), "max_uses", vec![json!(0)]),
        (EDIT, json!({}), "note", notes()),
        (EDIT, json!({}), "expires_at", moments()),
        (EDIT, json!({}), "message", messages()),
        (EDIT, json!({}), "inviter_name", inviter_names()),
        (EDIT, json!({}), "language", languages()),
        (CLAIM, json!({ "token": "TOKEN", "username": "bob" }), "admission", texts(&["", "x", "a b", "\0"])),
        (
            COMPLETE,
            json!({}),
            "jid",
            texts(&[
                "",
                "@",
                "@example.com",
                "a@",
                "a@b/c",
                "a@@b",
                "a b@c",
                "a\0@b",
                "eve@example.com",
                "x",
            ]),
        ),
        (COMPLETE, json!({}), "jid", texts(&["bob@elsewhere.example", &"x".repeat(4000)])),
        (
            COMPLETE,
            json!({ "jid": "bob@example.com" }),
            "via",
            texts(&["", "IBR", "a b", "ü", "a\0", "a_b", &"x".repeat(33)]),
        ),
        (KEY, json!({}), "name", texts(&["a\0", "a\nb", "\u{7f}", &"x".repeat(201), &"ü".repeat(101)])),
        (
            KEY,
            json!({}),
            "scopes",
            vec![
                json!([]),
                json!([""]),
                json!(["bridge"]),
                json!(["root"]),
                json!(["redeem", "redeem,invites:read"]),
                json!([" redeem"]),
                json!(["REDEEM"]),
                json!(["redeem", ""]),
            ],
        ),
        (
            KEY,
            json!({}),
            "rate",
            texts(&[
                "",
                "60",
                "60/",
                "/min",
                "0/min",
                "-1/min",
                "+1/min",
                "1.5/s",
                "1000001/s",
                "1/week",
                "1 / s",
            ]),
        ),
        (KEY, json!({}), "expires_in", spans()),
        (KEY, json!({}), "expires_at", texts(&["", "never", "2027-01-15T08:00:00Z", "2020-01-01T00:00:00Z"])),
    ];
    for (to, rest, field, values) in others {
        for value in values {
            let mut body = rest.clone();
            body[field] = value;
            rows.push(Row::invalid(to, &body, &[field]));
        }
    }
    rows
}

/// The fields of an invite and invalid values.
fn invite() -> Vec<(&'static str, Vec<Value>)> {
    let labels = || {
        let mut values: Vec<_> =
            ["", " ", "\t", "a\0", "a\nb", "\u{85}"].iter().map(|label| json!(["good", label])).collect();
        values.push(json!(["x".repeat(257)]));
        values.push(json!(["ü".repeat(129)]));
        values.push(json!(vec!["x"; 65]));
        values
    };
    let mut long_spans = spans();
    long_spans.extend(texts(&["3651d", "87601h", "315360001s", "522w", "18446744073709551615s"]));
    vec![
        ("kind", texts(&["", "Account", "account ", "flat", "account-and-contact\0", &"x".repeat(10_000)])),
        ("groups", labels()),
        ("roles", labels()),
        ("max_uses", vec![json!(0)]),
        ("expires_in", long_spans),
        ("expires_at", moments()),
        ("note", notes()),
        ("message", messages()),
        ("inviter_name", inviter_names()),
        ("language", languages()),
        ("data", vec![json!({ "long": "x".repeat(16_384 - 10) }), json!({ "a": vec!["ü"; 5000] })]),
    ]
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| json!(text)).collect()
}

fn notes() -> Vec<Value> {
    texts(&["a\0b", &"x".repeat(2001), &"ü".repeat(1001)])
}

fn messages() -> Vec<Value> {
    texts(&[
        "a\0b",
        "\u{1b}[2J",
        "\u{7f}",
        "\u{80}",
        "\u{e000}",
        "\u{10fffd}",
        &"x".repeat(141),
        &"字".repeat(1000),
    ])
}

fn inviter_names() -> Vec<Value> {
    let mut values = texts(&["ann@example.com", "ann＠example.com", "https://example.com", &"é".repeat(65)]);
    values.extend(texts(&["a\0", "\u{f8ff}", "a\u{9b}"]));
    values
}

fn languages() -> Vec<Value> {
    texts(&[
        "d",
        "German",
        "de-",
        "de AT",
        "de,en",
        "*",
        "de;q=1",
        "\0",
        "de\0",
        &"de-".repeat(12),
        &"x".repeat(10_000),
    ])
}

fn spans() -> Vec<Value> {
    texts(&[
        "",
        "7",
        "d",
        "0d",
        "-1d",
        "+1d",
        "1.5h",
        "7 d",
        "7D",
        "1y",
        "7dd",
        "٣d",
        "99999999999999999999s",
    ])
}

/// Invalid timestamps: malformed, past, or more than ten years ahead.
fn moments() -> Vec<Value> {
    texts(&[
        "",
        "tomorrow",
        "2027-13-01T00:00:00Z",
        "2027-02-30T00:00:00Z",
        "2027-02-01",
        "2027-02-01T00:00:00",
        "1969-01-01T00:00:00Z",
        "2020-01-01T00:00:00Z",
        "2027-01-15T08:00:00Z",
        "2037-01-12T08:00:01Z",
        "9999-12-31T23:59:59Z",
        "1800000000",
    ])
}

/// Invalid localparts (RFC 7622 section 3.3).
fn names() -> Vec<String> {
    let long = "x".repeat(1024);
    let all = [
        "",
        " ",
        "a b",
        "a@b",
        "a/b",
        "a\"b",
        "a&b",
        "a'b",
        "a:b",
        "a<b",
        "a>b",
        "a\0b",
        "a\nb",
        "a\u{202e}b",
    ];
    all.into_iter().chain([long.as_str()]).map(str::to_owned).collect()
}
