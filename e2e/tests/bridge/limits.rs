//! Limits for the invites that members make in their apps.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::{Version, Vestibule};

use crate::test_server::{PASSWORD, TestServer};
use crate::versions::on_both_versions;

const INVITE: &str = "urn:xmpp:invite#invite";

/// A member may have one pending invite, and an administrator any number. The roles are those of the two versions.
const CONFIG: &str = "[hosts.\"localhost\".limits]\nlive = 1\nmax_life = \"1h\"\n\
    [hosts.\"localhost\".limits.roles.\"prosody:admin\"]\nlive = \"unlimited\"\n\
    [hosts.\"localhost\".limits.roles.\"prosody:operator\"]\nlive = \"unlimited\"\n";

on_both_versions!(an_app_is_told_which_limit_is_reached);

fn an_app_is_told_which_limit_is_reached(version: Version) {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("vestibule.toml");
    fs::write(&path, CONFIG).expect("a file");
    let vestibule = Vestibule::builder().env("VESTIBULE_CONFIG", path);
    let test_server = TestServer::of(vestibule, version, |builder| builder);
    for username in ["admin", "romeo"] {
        test_server.prosody.add_account(username, PASSWORD).unwrap();
    }
    let run = |username: &str| -> Value {
        let jid = format!("{username}@localhost");
        test_server.other_client(&jid).run("command", &json!({ "node": INVITE, "fields": {} })).unwrap()
    };
    let first = run("romeo");
    assert_eq!(first["status"], "completed", "{first}");
    let expires_at = test_server.invites()[0]["expires_at"].as_str().expect("a time").to_owned();
    assert_eq!(first["form"]["expire"], json!(expires_at), "an hour");
    let second = run("romeo");
    let error = &second["error"];
    assert_eq!(
        (&error["type"], &error["condition"]),
        (&json!("wait"), &json!("resource-constraint")),
        "{second}"
    );
    let text = error["text"].as_str().expect("words");
    assert!(text.contains("romeo has 1 open invites, of at most 1") && text.contains(&expires_at), "{text}");
    for _ in 0..3 {
        let answer = run("admin");
        assert_eq!(answer["status"], "completed", "{answer}");
    }
    // A revoked invite gives its place back.
    let id = test_server.invites()[3]["id"].as_str().expect("an id").to_owned();
    assert_eq!(test_server.api("DELETE", &format!("/v1/invites/{id}"), None).0, 204);
    let third = run("romeo");
    assert_eq!(third["status"], "completed", "{third}");

    let body = json!({ "may_invite": false });
    assert_eq!(test_server.api("PATCH", "/v1/members/admin", Some(&body)).0, 200);
    let stopped = run("admin");
    let error = &stopped["error"];
    assert_eq!((&error["type"], &error["condition"]), (&json!("cancel"), &json!("not-allowed")), "{stopped}");
    assert!(error["text"].as_str().is_some_and(|text| text.contains("not allowed to invite")), "{stopped}");
    assert_eq!(test_server.invites().len(), 5);
}
