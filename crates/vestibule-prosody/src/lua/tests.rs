use super::*;
use proptest::prelude::*;
use serde_json::json;

#[test]
fn a_stored_file_is_read() {
    let file = b"return {\n\t[\"Tok-en_1\"] = {\n\t\t[\"allow_registration\"] = true;\n\t\t[\"expires\"] = 1800000000;\n\
        \t\t[\"created_at\"] = 1799999999.5;\n\t\t[\"jid\"] = \"a.example\";\n\t\t[\"additional_data\"] = {\n\
        \t\t\t[\"groups\"] = {\n\t\t\t\t\"one\";\n\t\t\t\t\"two\";\n\t\t\t};\n\t\t\t[\"note\"] = \"Gr\\195\\188\\195\\159e\\n\\\"\\092\";\n\
        \t\t\t[\"roles\"] = {};\n\t\t};\n\t};\n};\n";
    let expected = json!({"Tok-en_1": {
        "allow_registration": true,
        "expires": 1_800_000_000,
        "created_at": 1_799_999_999.5,
        "jid": "a.example",
        "additional_data": {"groups": ["one", "two"], "note": "Grüße\n\"\\", "roles": {}},
    }});
    assert_eq!(read(file), Ok(expected));
}

#[test]
fn older_and_compact_forms_are_read() {
    for (file, expected) in [
        (&b"return {};"[..], json!({})),
        (b"return { }\n", json!({})),
        (b"return {a=1,b_2=\"x\"}", json!({"a": 1, "b_2": "x"})),
        (b"return { [1] = \"x\"; [2] = \"y\"; };", json!(["x", "y"])),
        (b"return { [2] = \"y\"; };", json!({"2": "y"})),
        (b"return { \"x\", k = true }", json!({"1": "x", "k": true})),
        (b"return { a = (0/0); b = nil; c = -1e3 }", json!({"c": -1000.0})),
        (
            b"return { a = (1/0); b = 1e9999; c = (-1/0) }",
            json!({"a": f64::MAX, "b": f64::MAX, "c": f64::MIN}),
        ),
        (b"return { a = \"one\\\ntwo\\0\" }", json!({"a": "one\ntwo\0"})),
        (b"return { a = \"\xff\" }", json!({"a": "\u{fffd}"})),
        (b"return { true, false }", json!([true, false])),
        (b"return { true_story = false }", json!({"true_story": false})),
    ] {
        assert_eq!(read(file), Ok(expected), "{}", String::from_utf8_lossy(file));
    }
}

#[test]
fn damaged_and_active_files_are_rejected_with_the_line() {
    for (file, line) in [
        (&b""[..], 1),
        (b"return", 1),
        (b"return {\n\t[\"a\"] = {\n", 3),
        (b"return {\n\t[\"a\"] = \"x\n", 2),
        (b"return {\n\t[\"a\"] = \"x\\q\";\n};", 2),
        (b"return {\n\t[\"a\"] = \"\\300\";\n};", 2),
        (b"return { a = 1; a = 2 }", 1),
        (b"return { [{}] = 1 }", 1),
        (b"return { a = os.execute(\"x\") }", 1),
        (b"return { a = function() end }", 1),
        (b"return { [\"a\"] = 1 } + 1", 1),
        (b"return { a = 1 b = 2 }", 1),
        (b"return { a = 1--2 }", 1),
        (b"local x = 1\nreturn {}", 1),
        (b"\x1bLua", 1),
    ] {
        let error = read(file).unwrap_err();
        assert_eq!(error.line, line, "{}: {error}", String::from_utf8_lossy(file));
    }
}

#[test]
fn deep_nesting_is_rejected() {
    let deep = |depth: usize| format!("return {}{}", "{".repeat(depth), "}".repeat(depth));
    assert!(read(deep(MAX_DEPTH).as_bytes()).is_ok());
    assert!(read(deep(MAX_DEPTH + 1).as_bytes()).is_err());
    assert!(read(deep(1_000_000).as_bytes()).is_err());
    assert!(read(format!("return {}", "[".repeat(1_000_000)).as_bytes()).is_err());
    assert!(read(format!("return {{{}", "[".repeat(1_000_000)).as_bytes()).is_err());
}

/// Writes a value as Prosody's `util.serialization` does.
fn serialize(value: &Value, depth: usize) -> String {
    use std::fmt::Write;
    let indent = "\t".repeat(depth);
    let string = |text: &str| {
        let mut out = String::from("\"");
        for byte in text.bytes() {
            match byte {
                b'\n' => out.push_str("\\n"),
                b'"' => out.push_str("\\\""),
                b'\\' => out.push_str("\\\\"),
                0..=31 | b'\'' | 127.. => write!(out, "\\{byte:03}").unwrap(),
                _ => out.push(char::from(byte)),
            }
        }
        out + "\""
    };
    let table = |entries: Vec<String>| {
        let body = entries.iter().map(|entry| format!("\n{indent}\t{entry};")).collect::<Vec<_>>().concat();
        let end = if entries.is_empty() { String::new() } else { format!("\n{indent}") };
        format!("{{{body}{end}}}")
    };
    match value {
        Value::Null => "nil".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => string(text),
        Value::Array(items) => table(items.iter().map(|item| serialize(item, depth + 1)).collect()),
        Value::Object(items) => table(
            items
                .iter()
                .map(|(key, item)| format!("[{}] = {}", string(key), serialize(item, depth + 1)))
                .collect(),
        ),
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        "\\PC{0,12}|[\\x00-\\x7f]{0,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Value::Array),
            prop::collection::btree_map("[a-zA-Z_-]{1,8}", inner, 0..5)
                .prop_map(|items| Value::Object(items.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_prosody_writes_is_read_back(value in values()) {
        let file = format!("return {};\n", serialize(&value, 0));
        prop_assert_eq!(read(file.as_bytes()), Ok(value));
    }

    #[test]
    fn any_bytes_are_read_or_rejected(file in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&file);
        let _ = read(&[b"return {", &file[..]].concat());
    }

    #[test]
    fn a_truncated_file_is_rejected(
        value in prop::collection::btree_map("[a-z]{1,8}", values(), 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        let file = serialize(&Value::Object(value.into_iter().collect()), 0);
        let end = cut.index(file.len());
        let outcome = read(&[b"return ", &file.as_bytes()[..end]].concat());
        prop_assert!(outcome.is_err());
    }
}
