//! `import`, with exports written by hand: what it rejects, cleans and does not bring back.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::fs;

use common::{HOST, TestServer, fails};
use serde_json::{Value, json};
use vestibule_e2e::CliOutput;

/// A token of Prosody's form.
fn token(number: u32) -> String {
    format!("-_{number:022}")
}

fn invite(number: u32, changes: &Value) -> Value {
    let mut record = json!({ "type": "register", "jid": HOST, "created_at": 1_700_000_000, "expires": 1e13 });
    record.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    json!({ "invite": record, "token": token(number) })
}

fn key(id: &str, name: &str) -> Value {
    json!({ "key": { "name": name }, "id": id, "sha256": "ab".repeat(32) })
}

/// Runs `import` with an export of these records.
fn import(test_server: &TestServer, records: &[Value], more: &[&str]) -> CliOutput {
    let settings = json!({ "site_name": "Our Chat", "webchat_url": "nowhere", "invite_expiry": 1e12 });
    let header = json!({ "vestibule_export": 1, "host": HOST, "settings": settings });
    let count = json!({ "records": records.len() });
    let lines: Vec<_> = [&header].into_iter().chain(records).chain([&count]).map(Value::to_string).collect();
    let file = test_server.server.data_dir().join("export.jsonl");
    fs::write(&file, lines.join("\n")).unwrap();
    test_server.server.cli(&[&["import", HOST, file.to_str().unwrap()], more].concat()).unwrap()
}

#[test]
fn rejected_records_fail_the_import_after_everything_else_is_imported() {
    let test_server = TestServer::new();
    let records = [
        invite(1, &json!({})),
        invite(2, &json!({ "jid": format!("lena@{HOST}"), "created_at": 1_600_000_000 })),
        invite(3, &json!({ "jid": format!("lena@{HOST}") })),
        invite(4, &json!({ "type": "roster", "jid": "tom@elsewhere.example" })),
        key("portal", "Portal"),
        json!({ "key": { "name": "Broken" }, "id": "broken" }),
    ];
    let dry = import(&test_server, &records, &["--dry-run"]);
    assert_eq!(dry.code(), Some(1), "{dry}");
    let expected = "Error: 3 records cannot be imported; the output names each with its reason. This dry run wrote nothing.\n";
    assert_eq!(dry.stderr, expected);
    assert!(test_server.invites().is_empty());

    let output = import(&test_server, &records, &["--json"]);
    assert_eq!((output.code(), output.stderr.lines().count()), (Some(1), 1), "{output}");
    assert!(output.stderr.contains("Everything else was imported"), "{output}");
    let report = output.json().unwrap();
    let counts = |imported, rejected| json!({ "imported": imported, "present": 0, "deleted_here": 0, "expired": 0, "rejected": rejected });
    assert_eq!((&report["invites"], &report["keys"]), (&counts(2, 2), &counts(1, 1)), "{report}");
    let names: Vec<_> = report["not_imported"].as_array().unwrap().iter().map(|one| &one["record"]).collect();
    let expected = [
        "contact invite of tom@elsewhere.example, created 2023-11-14T22:13:20Z",
        "account invite for lena@localhost, created 2020-09-13T12:26:40Z",
        "key \"Broken\" (broken)",
    ];
    assert_eq!(names, expected);
    for number in 1..5 {
        assert!(!output.to_string().contains(&token(number)), "no token: {output}");
    }
    assert_eq!(test_server.invites().len(), 2);
    assert!(test_server.done(&["keys", "list", HOST]).contains("portal\tPortal"));
}

#[test]
fn labels_are_cleaned_and_late_expiries_shortened() {
    let test_server = TestServer::new();
    let records = [
        invite(1, &json!({ "additional_data": { "note": "x".repeat(2_001) } })),
        key("portal", "Our\nPortal\u{1b}"),
    ];
    let output = import(&test_server, &records, &[]);
    assert!(output.success(), "{output}");
    for note in [
        "Note: 1 invite with an expiry more than ten years away: it is now ten years",
        "Note: the note of 1 invite was changed",
        "Note: key \"Our\\nPortal\\u{1b}\" (portal) is now named \"Our Portal\"",
    ] {
        assert!(output.stdout.contains(note), "no {note}: {output}");
    }
    // The settings are those that the configuration accepts.
    let settings = output.stdout.split("\n[hosts.").nth(1).unwrap();
    assert!(settings.contains("site_name") && !settings.contains("webchat_url"), "{output}");
    for setting in ["webchat_url", "invite_expiry"] {
        assert!(output.stdout.contains(&format!("Note: the setting {setting} = ")), "{output}");
    }
    assert!(test_server.done(&["keys", "list", HOST]).contains("portal\tOur Portal"));
}

#[test]
fn a_key_that_was_deleted_here_does_not_come_back() {
    let test_server = TestServer::new();
    let records = [key("portal", "Portal")];
    assert!(import(&test_server, &records, &[]).success());
    test_server.done(&["keys", "delete", HOST, "portal"]);
    let output = import(&test_server, &records, &["--json"]);
    assert!(output.success(), "{output}");
    let report = output.json().unwrap();
    assert_eq!((&report["keys"]["imported"], &report["keys"]["deleted_here"]), (&json!(0), &json!(1)));
    assert!(!test_server.done(&["keys", "list", HOST]).contains("portal"));
}

#[test]
fn an_error_of_prosodyctl_in_place_of_an_export_is_repeated() {
    let test_server = TestServer::new();
    let file = test_server.server.data_dir().join("export.jsonl");
    fs::write(&file, "\nFailed to load module 'vestibule': not found\n").unwrap();
    let output = test_server.server.cli(&["import", HOST, file.to_str().unwrap()]).unwrap();
    fails(
        &output,
        &["expected the output of `prosodyctl mod_vestibule export HOST`", "Failed to load module"],
    );
}
