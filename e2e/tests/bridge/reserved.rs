//! Usernames that an invite is bound to.

use serde_json::json;
use vestibule_e2e::Version;
use vestibule_e2e::xmpp::{Reply, ns};

use crate::test_server::{PASSWORD, TestServer, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    an_invite_for_one_name_registers_no_other,
    an_invite_for_any_name_says_which_names_the_server_refuses,
    a_reserved_name_is_nobody_elses,
    a_reserved_name_is_nobody_elses_where_everybody_may_register,
    a_name_is_the_same_in_capitals,
    the_form_of_an_app_has_the_name_in_it,
    names_that_mean_something_in_an_address_are_names,
);

fn an_invite_for_one_name_registers_no_other(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "username": "juliet" }));
    let mut guest = test_server.admitted(&invite);
    let reply = guest.register("nurse", PASSWORD).unwrap();
    assert_refused(&reply, "modify", "not-acceptable");
    assert!(format!("{reply:?}").contains("another username"), "{reply:?}");
    assert!(!test_server.can_log_in("nurse", PASSWORD));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(test_server.can_log_in("juliet", PASSWORD));
    test_server.becomes(&invite, "used");
}

fn an_invite_for_any_name_says_which_names_the_server_refuses(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    // "admin" is reserved on every host; the first letter of the other one is Cyrillic.
    for name in ["admin", "\u{430}lice"] {
        let reply = guest.register(name, PASSWORD).unwrap();
        assert_refused(&reply, "modify", "not-acceptable");
        assert!(format!("{reply:?}").contains("cannot be used on this server"), "{name}: {reply:?}");
        assert!(!test_server.can_log_in(name, PASSWORD), "{name}");
    }
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
}

fn a_reserved_name_is_nobody_elses(version: Version) {
    let test_server = TestServer::new(version);
    let bound = test_server.mint(&json!({ "username": "juliet" }));
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    assert_refused(&guest.register("juliet", PASSWORD).unwrap(), "cancel", "conflict");
    assert!(!test_server.can_log_in("juliet", PASSWORD));
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    // Taken back, it is free again.
    assert_eq!(test_server.api("DELETE", &format!("/v1/invites/{}", bound.id), None).0, 204);
    test_server.is_well("juliet");
}

fn a_reserved_name_is_nobody_elses_where_everybody_may_register(version: Version) {
    let test_server = TestServer::with(version, |builder| builder.config("registration_invite_only = false"));
    let bound = test_server.mint(&json!({ "username": "juliet" }));
    let mut guest = test_server.guest();
    assert_refused(&guest.register("juliet", PASSWORD).unwrap(), "cancel", "conflict");
    assert!(!test_server.can_log_in("juliet", PASSWORD));
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    assert!(test_server.can_log_in("nurse", PASSWORD));
    assert!(test_server.admitted(&bound).register("juliet", PASSWORD).unwrap().is_ok());
    assert!(test_server.can_log_in("juliet", PASSWORD));
}

fn a_name_is_the_same_in_capitals(version: Version) {
    let test_server = TestServer::new(version);
    let bound = test_server.mint(&json!({ "username": "juliet" }));
    let invite = test_server.mint(&json!({}));
    let reply = test_server.admitted(&invite).register("JULIET", PASSWORD).unwrap();
    assert!(!reply.is_ok(), "{reply:?}");
    // Prosody takes a name as it is meant, or not at all; it never makes another account of it.
    let reply = test_server.admitted(&bound).register("Juliet", PASSWORD).unwrap();
    assert_eq!(reply.is_ok(), test_server.can_log_in("juliet", PASSWORD), "{reply:?}");
}

fn names_that_mean_something_in_an_address_are_names(version: Version) {
    let test_server = TestServer::with(version, |builder| builder.config("registration_invite_only = false"));
    for name in ["100%", "%2e", "a?b#c", "a+b", "..", "\u{fc}ber"] {
        let bound = test_server.mint(&json!({ "username": name }));
        let mut guest = test_server.guest();
        assert_refused(&guest.register(name, PASSWORD).unwrap(), "cancel", "conflict");
        assert!(test_server.admitted(&bound).register(name, PASSWORD).unwrap().is_ok(), "{name}");
        assert!(test_server.can_log_in(name, PASSWORD), "{name}");
        assert_eq!(test_server.redeemed_by(&bound).0, format!("{name}@localhost"));
    }
}

fn the_form_of_an_app_has_the_name_in_it(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let bound =
        test_server.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo", "username": "juliet" }));
    let open = test_server.mint(&json!({}));
    for (invite, name) in [(&bound, "juliet"), (&open, ""), (&bound, "juliet")] {
        let Reply::Ok(answer) = test_server.admitted(invite).registration_form().unwrap() else {
            panic!("no form")
        };
        let query = answer.child("query", ns::REGISTER).expect("a form");
        assert_eq!(query.child("username", ns::REGISTER).expect("a field").text, name, "{answer:?}");
    }
    assert!(test_server.admitted(&bound).register("juliet", PASSWORD).unwrap().is_ok());
}
