//! Usernames of bound invites.

use serde_json::json;
use vestibule_e2e::Version;
use vestibule_e2e::xmpp::{Reply, ns};

use crate::test_server::{PASSWORD, TestServer, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    a_bound_invite_registers_no_other_name,
    a_forbidden_name_is_reported,
    a_reserved_name_is_refused_to_others,
    a_reserved_name_is_refused_with_open_registration,
    names_are_case_insensitive,
    the_form_of_an_app_contains_the_bound_name,
    names_with_special_characters_in_urls_work,
);

fn a_bound_invite_registers_no_other_name(version: Version) {
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

fn a_forbidden_name_is_reported(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    // "admin" is forbidden on every host; the first letter of the other name is Cyrillic.
    for name in ["admin", "\u{430}lice"] {
        let reply = guest.register(name, PASSWORD).unwrap();
        assert_refused(&reply, "modify", "not-acceptable");
        assert!(format!("{reply:?}").contains("cannot be used on this server"), "{name}: {reply:?}");
        assert!(!test_server.can_log_in(name, PASSWORD), "{name}");
    }
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
}

fn a_reserved_name_is_refused_to_others(version: Version) {
    let test_server = TestServer::new(version);
    let bound = test_server.mint(&json!({ "username": "juliet" }));
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    assert_refused(&guest.register("juliet", PASSWORD).unwrap(), "cancel", "conflict");
    assert!(!test_server.can_log_in("juliet", PASSWORD));
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    // After the revocation it is free.
    assert_eq!(test_server.api("DELETE", &format!("/v1/invites/{}", bound.id), None).0, 204);
    test_server.assert_works("juliet");
}

fn a_reserved_name_is_refused_with_open_registration(version: Version) {
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

fn names_are_case_insensitive(version: Version) {
    let test_server = TestServer::new(version);
    let bound = test_server.mint(&json!({ "username": "juliet" }));
    let invite = test_server.mint(&json!({}));
    let reply = test_server.admitted(&invite).register("JULIET", PASSWORD).unwrap();
    assert!(!reply.is_ok(), "{reply:?}");
    // Prosody either normalizes the name or refuses it; it creates no other account.
    let reply = test_server.admitted(&bound).register("Juliet", PASSWORD).unwrap();
    assert_eq!(reply.is_ok(), test_server.can_log_in("juliet", PASSWORD), "{reply:?}");
}

fn names_with_special_characters_in_urls_work(version: Version) {
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

fn the_form_of_an_app_contains_the_bound_name(version: Version) {
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
