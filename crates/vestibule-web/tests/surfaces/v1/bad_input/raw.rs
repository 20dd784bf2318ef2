//! Bodies that are not a JSON object, or not declared as JSON.

use super::{BATCH, CHECK, CLAIM, COMPLETE, CREATE, EDIT, KEY, Row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for to in [CREATE, BATCH, EDIT, CHECK, CLAIM, COMPLETE, KEY] {
        for body in ["[]", "\"x\"", "1", "true", "null", "[{}]", "1.10"] {
            rows.push(Row::text(to, body, &["body"]));
        }
        for body in [
            "{",
            "}",
            "{\"note\"",
            "{\"note\":}",
            "{note:1}",
            "{'note':1}",
            "{\"note\":\"x\",}",
            "{} {}",
            "{}x",
            " ",
            "\u{feff}{}",
            "{\"note\":\"a\nb\"}",
            "{\"note\":\"\\ud800\"}",
            "{\"note\":\"\\x\"}",
            "{\"note\":NaN}",
            "{\"note\":01}",
            "note=x&count=2",
            "\0",
        ] {
            rows.push(Row::text(to, body, &["body"]));
        }
        // Not UTF-8, an overlong NUL, a surrogate, UTF-16.
        for body in
            [b"{\"note\":\"\xff\"}".as_slice(), b"{\"a\":\"\xc0\x80\"}", b"{\"\xed\xa0\x80\":1}", b"{\0}\0"]
        {
            rows.push(Row::text(to, body, &["body"]));
        }
        for open in ["[", "{\"a\":"] {
            rows.push(Row::text(to, format!("{{\"data\":{}", open.repeat(100_000)), &["body"]));
        }
        for name in ["note", "token", "x"] {
            rows.push(Row::text(to, format!("{{\"{name}\":\"a\",\"{name}\":\"a\"}}"), &[name]));
        }
        for content_type in
            ["", "text/plain", "application/x-www-form-urlencoded", "application/xml", "text/json", "json"]
        {
            rows.push(Row {
                content_type,
                status: 415,
                problem: "unsupported-media-type",
                ..Row::text(to, "{\"note\":\"x\"}", &[])
            });
        }
        let large = format!("{{\"note\":\"{}\"}}", "x".repeat(3_000_000));
        rows.push(Row { status: 413, problem: "too-large", ..Row::text(to, large, &[]) });
    }
    // Nested as deep as permitted, and one level deeper.
    rows.push(Row::text(
        CREATE,
        format!("{{\"data\":{{\"a\":{}{}}}}}", "[".repeat(126), "]".repeat(126)),
        &["body"],
    ));
    rows
}
