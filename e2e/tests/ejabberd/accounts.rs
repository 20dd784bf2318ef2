//! Password resets, and changes of accounts.

use serde_json::json;

use crate::relay::Mode;
use crate::test_server::{PASSWORD, TestServer, assert_refused};

#[test]
fn a_reset_sets_the_password_of_its_account_once() {
    let test_server = TestServer::new();
    for username in ["romeo", "nurse"] {
        test_server.add_account(username);
    }
    let invite = test_server.create(&json!({ "kind": "password-reset", "username": "romeo" }));
    let mut guest = test_server.admitted(&invite);
    for other in ["nurse", "nobody"] {
        assert!(!guest.register(other, "new").unwrap().is_ok(), "{other}");
    }
    assert_eq!(test_server.show(&invite)["uses"], 0);
    assert!(guest.register("romeo", "new").unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite), ("romeo@localhost".to_owned(), "ibr".to_owned()));
    // The reset changed the password itself, so it is used, not revoked.
    assert_eq!(test_server.show(&invite)["state"], "used");
    assert!(test_server.can_log_in("romeo", "new") && test_server.can_log_in("nurse", PASSWORD));
    assert!(!test_server.can_log_in("romeo", PASSWORD));
    let missing = test_server.create(&json!({ "kind": "password-reset", "username": "nobody" }));
    let reply = test_server.admitted(&missing).register("nobody", "new").unwrap();
    assert_refused(&reply, "cancel", "item-not-found");
    assert!(!test_server.ejabberd.accounts().unwrap().contains(&"nobody".to_owned()));
}

#[test]
fn invites_follow_their_accounts() {
    let (mut test_server, relay) = TestServer::relayed();
    for username in ["romeo", "juliet"] {
        test_server.add_account(username);
    }
    let reset = test_server.create(&json!({ "kind": "password-reset", "username": "juliet" }));
    let account = |user: &str| json!({ "user": user, "host": "localhost", "newpass": "changed" });
    test_server.ejabberd.done("change_password", &account("juliet")).unwrap();
    test_server.becomes(&reset, "revoked");

    let made = ["contact", "account-and-contact", "account"]
        .map(|kind| test_server.create(&json!({ "kind": kind, "inviter": "romeo" })));
    let other = test_server.create(&json!({}));
    // Vestibule is unreachable: the change is sent later, even though ejabberd restarts in between.
    test_server.vestibule.kill();
    let deleted = json!({ "user": "romeo", "host": "localhost" });
    test_server.ejabberd.done("unregister", &deleted).unwrap();
    test_server.ejabberd.kill_and_restart().unwrap();
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    for invite in &made {
        test_server.becomes(invite, "revoked");
    }
    assert_eq!(test_server.show(&other)["state"], "pending");
}
