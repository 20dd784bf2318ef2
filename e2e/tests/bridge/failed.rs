//! Registrations that are answered with an error spend nothing and leave no account.

use serde_json::json;
use vestibule_e2e::Version;

use crate::common::eventually;
use crate::test_server::{Invite, PASSWORD, SOON, TestServer, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    a_password_that_apps_cannot_send_is_refused_before_the_claim,
    a_reset_with_a_password_that_apps_cannot_send_changes_nothing,
    refused_passwords_close_a_link_to_nobody,
    an_account_whose_details_cannot_be_stored_spends_nothing,
    an_account_that_cannot_be_deleted_again_is_a_use,
);

/// Right-to-left text that ends with a digit, a space between letters of both directions, a character for private use,
/// and one that SASLprep maps to nothing (RFC 4013).
const UNUSABLE: [&str; 4] = ["\u{5e9}\u{5dc}\u{5d5}\u{5dd}123", "\u{5d0} otter", "\u{e000}secret", "\u{ad}"];

fn assert_unspent(test_server: &TestServer, invite: &Invite) {
    eventually("the use is free", SOON, || {
        let body = json!({ "token": invite.token, "username": "somebodyelse" });
        let (status, claimed) = test_server.api("POST", "/v1/redemptions", Some(&body));
        let path = format!("/v1/redemptions/{}", claimed["claim"].as_str().unwrap_or_default());
        status == 201 && test_server.api("DELETE", &path, None).0 == 204
    });
    let now = test_server.show(invite);
    assert_eq!((&now["state"], &now["uses"]), (&json!("pending"), &json!(0)), "{now}");
}

fn a_password_that_apps_cannot_send_is_refused_before_the_claim(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    for password in UNUSABLE {
        assert_refused(&guest.register("juliet", password).unwrap(), "modify", "not-acceptable");
        assert_eq!(test_server.prosody.accounts(), Vec::<String>::new(), "{password:?}");
    }
    assert_unspent(&test_server, &invite);
    assert!(guest.register("juliet", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}").unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    assert!(test_server.can_log_in("juliet", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"));
}

fn a_reset_with_a_password_that_apps_cannot_send_changes_nothing(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = test_server.mint(&json!({ "kind": "password-reset", "username": "romeo" }));
    let mut guest = test_server.admitted(&invite);
    for password in UNUSABLE {
        assert_refused(&guest.register("romeo", password).unwrap(), "modify", "not-acceptable");
    }
    assert!(test_server.can_log_in("romeo", PASSWORD));
    assert!(guest.register("romeo", "another").unwrap().is_ok());
    test_server.becomes(&invite, "used");
    assert!(test_server.can_log_in("romeo", "another"));
}

fn refused_passwords_close_a_link_to_nobody(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "max_uses": 3 }));
    for stream in 0..10 {
        let mut guest = test_server.admitted(&invite);
        for number in 0..20 {
            let reply = guest.register(&format!("guest{stream}n{number}"), UNUSABLE[2]).unwrap();
            assert_refused(&reply, "modify", "not-acceptable");
        }
    }
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}

fn with_broken_accounts(version: Version) -> TestServer {
    TestServer::with(version, |builder| builder.test_module("broken_accounts"))
}

/// Asserts that the registration of this username fails and leaves nothing behind.
fn assert_leaves_nothing(test_server: &TestServer, username: &str) {
    let invite = test_server.mint(&json!({}));
    // Created for the person by an operator, before they join.
    let output = test_server.vestibule.cli(&["invites", "create", "localhost", "--contact", username]);
    assert!(output.unwrap().success());
    let mut guest = test_server.admitted(&invite);
    assert!(!guest.register(username, PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.prosody.accounts(), Vec::<String>::new());
    assert_unspent(test_server, &invite);
    for kept in test_server.invites() {
        assert_eq!(kept["state"], "pending", "{kept}");
    }
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}

fn an_account_whose_details_cannot_be_stored_spends_nothing(version: Version) {
    assert_leaves_nothing(&with_broken_accounts(version), "undetailed");
}

/// Prosody 12 creates accounts with their password.
#[test]
fn an_account_without_a_password_is_deleted_and_spends_nothing() {
    assert_leaves_nothing(&with_broken_accounts(Version::V13), "unset");
}

fn an_account_that_cannot_be_deleted_again_is_a_use(version: Version) {
    let test_server = with_broken_accounts(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    assert!(!guest.register("undetailed-undeletable", PASSWORD).unwrap().is_ok());
    assert!(test_server.can_log_in("undetailed-undeletable", PASSWORD));
    assert_eq!(test_server.redeemed_by(&invite).0, "undetailed-undeletable@localhost");
    assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok());
}
