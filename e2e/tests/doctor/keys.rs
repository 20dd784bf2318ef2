//! Keys.

use vestibule_e2e::http::Client;

use crate::common::{self, HOST};
use crate::test_server::{TestServer, fails, says};

#[test]
fn used_and_unused_keys_are_distinguished() {
    let mut test_server = TestServer::new();
    let spare =
        test_server.server.create_key_with(HOST, &["Spare", "--scope", "bridge", "--expires", "3d"]).unwrap();
    let bearer = format!("Bearer {}", test_server.key);
    let path = format!("{}/v1/usernames/juliet", test_server.server.url());
    let asked = Client::new().send("GET", &path, &[("authorization", &bearer)], None).unwrap();
    assert_eq!(asked.status, 200, "{asked:?}");
    // Uses are stored every minute and at shutdown.
    test_server.server.terminate().unwrap();
    test_server.server.restart().unwrap();
    let output = test_server.doctor(HOST, &[]);
    let ids = [&test_server.key, &spare].map(|key| key.split('/').next().unwrap());
    says(&output, "ok ", &[" key: ", ids[0], "(Prosody)", "was last used at 20"]);
    says(&output, "ok ", &[" key: ", ids[1], "(Spare)", "not in use"]);
    says(&output, "warn key: ", &[ids[1], "expires at 20", "--scope bridge"]);
}

#[test]
fn a_missing_or_weak_key_fails_the_check() {
    let test_server = TestServer::new();
    fails(
        &test_server.doctor("other.example", &[]),
        "FAIL key: ",
        &["has no key", "`vestibule keys create other.example Prosody --scope bridge`"],
    );
    let weak = test_server.server.create_key_with("other.example", &["Portal"]).unwrap();
    fails(&test_server.doctor("other.example", &[]), "FAIL key: ", &["none of the 1", "--scope bridge"]);
    fails(
        &test_server.doctor_with(&weak, &[]),
        "FAIL key: ",
        &["belongs to other.example, not to localhost"],
    );

    let minting = test_server.server.create_key(HOST).unwrap();
    let texts =
        ["lacks invites:contact,", "invites:read, invites:manage, redeem, keys:manage:", "--scope bridge"];
    fails(&test_server.doctor_with(&minting, &[]), "FAIL key: ", &texts);
    let managing = test_server.server.create_key_with(HOST, &["x", "--scope", "keys:manage,redeem"]).unwrap();
    let texts = ["lacks invites:create,", "invites:read, invites:manage:", "--scope bridge"];
    fails(&test_server.doctor_with(&managing, &[]), "FAIL key: ", &texts);
}

#[test]
fn a_rejected_key_fails_the_check() {
    let test_server = TestServer::new();
    let deleted = test_server.server.create_key_with(HOST, &["Old", "--scope", "bridge"]).unwrap();
    let id = deleted.split('/').next().unwrap();
    assert!(test_server.server.cli(&["keys", "delete", HOST, id]).unwrap().success());
    fails(
        &test_server.doctor_with(&deleted, &[]),
        "FAIL key: ",
        &["not accept", "deleted", "--scope bridge"],
    );
    let id = test_server.key.split('/').next().unwrap();
    let mistyped = format!("{id}/{}", "x".repeat(36));
    fails(&test_server.doctor_with(&mistyped, &[]), "FAIL key: ", &[id, "is known", "is wrong"]);

    let file = test_server.directory.path().join("no-key");
    std::fs::write(&file, "this is no key").unwrap();
    for (file, texts) in
        [(&file, "contains no key"), (&test_server.directory.path().join("gone"), "cannot read")]
    {
        let output = test_server.doctor(HOST, &["--key-file", file.to_str().unwrap()]);
        common::fails(&output, &[texts]);
        assert!(!output.stderr.contains("this is"), "{output}");
    }
}
