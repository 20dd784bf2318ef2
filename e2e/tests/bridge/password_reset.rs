//! Reset links.

use serde_json::json;
use vestibule_e2e::Version;

use crate::test_server::{Invite, PASSWORD, TestServer};
use crate::versions::on_both_versions;

on_both_versions!(
    a_reset_sets_the_password_of_its_account,
    a_reset_fits_only_its_account,
    a_reset_never_creates_an_account,
    an_account_invite_resets_no_password,
);

fn reset_of(test_server: &TestServer, username: &str) -> Invite {
    test_server.mint(&json!({ "kind": "password-reset", "username": username }))
}

fn a_reset_sets_the_password_of_its_account(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = reset_of(&test_server, "romeo");
    let mut guest = test_server.admitted(&invite);
    let reply = guest.register("romeo", "new").unwrap();
    assert!(reply.is_ok(), "{reply:?}");
    assert!(test_server.can_log_in("romeo", "new"));
    assert!(!test_server.can_log_in("romeo", PASSWORD));
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite), ("romeo@localhost".to_owned(), "ibr".to_owned()));
    assert!(!guest.register("romeo", "newer").unwrap().is_ok());
    assert!(!test_server.can_log_in("romeo", "newer"));
}

fn a_reset_fits_only_its_account(version: Version) {
    let test_server = TestServer::new(version);
    for username in ["romeo", "mercutio"] {
        test_server.prosody.add_account(username, PASSWORD).unwrap();
    }
    let invite = reset_of(&test_server, "romeo");
    let mut guest = test_server.admitted(&invite);
    for username in ["mercutio", "juliet"] {
        assert!(!guest.register(username, "new").unwrap().is_ok(), "{username}");
        assert!(!test_server.can_log_in(username, "new"), "{username}");
    }
    assert!(test_server.can_log_in("mercutio", PASSWORD));
    assert_eq!(test_server.show(&invite)["state"], "pending");
    assert!(guest.register("romeo", "new").unwrap().is_ok());
    assert!(test_server.can_log_in("romeo", "new"));
}

fn a_reset_never_creates_an_account(version: Version) {
    let test_server = TestServer::with(version, |builder| builder.config("registration_invite_only = false"));
    let invite = reset_of(&test_server, "ghost");
    let mut guest = test_server.admitted(&invite);
    assert!(!guest.register("ghost", PASSWORD).unwrap().is_ok());
    assert!(!test_server.can_log_in("ghost", PASSWORD));
    let now = test_server.show(&invite);
    assert_eq!((&now["state"], &now["uses"]), (&json!("pending"), &json!(0)), "{now}");
}

fn an_account_invite_resets_no_password(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let bound = test_server.mint(&json!({ "username": "romeo", "data": { "allow_reset": "romeo" } }));
    let reply = test_server.admitted(&bound).register("romeo", "new").unwrap();
    assert!(!reply.is_ok(), "{reply:?}");
    assert!(test_server.can_log_in("romeo", PASSWORD));
}
