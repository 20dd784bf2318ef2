//! Invites that make contacts.

use serde_json::json;
use vestibule_e2e::xmpp::Element;

use crate::common::eventually;
use crate::test_server::{PASSWORD, SOON, TestServer};

fn both(jid: &str) -> (String, String) {
    (jid.to_owned(), "both".to_owned())
}

#[test]
fn a_new_account_and_its_inviter_become_contacts() {
    let test_server = TestServer::new();
    let mut romeo = test_server.member("romeo");
    romeo.roster().unwrap();
    romeo.be_available().unwrap();
    let invite = test_server.create(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    romeo.roster_push("juliet@localhost", "both").unwrap();
    let mut juliet = test_server.logged_in("juliet", PASSWORD);
    assert_eq!(juliet.roster().unwrap(), [both("romeo@localhost")]);
    juliet.be_available().unwrap();
    let is_there = |stanza: &Element| stanza.name == "presence" && stanza.is_from("juliet@localhost");
    romeo.wait_for("the presence of the new contact", SOON, is_there).unwrap();
    // Apps send the token of such a link again, to the inviter. The contact is there already.
    juliet.subscribe("romeo@localhost", Some(&invite.token)).unwrap();
    assert!(juliet.ping(SOON).unwrap().is_ok());
    assert_eq!(test_server.show(&invite)["uses"], 1);
    assert_eq!(juliet.roster().unwrap(), [both("romeo@localhost")]);
    test_server.assert_clean_log(&[&invite]);
}

#[test]
fn a_contact_request_with_a_token_is_approved_once() {
    let test_server = TestServer::new();
    let (mut romeo, mut juliet) = (test_server.member("romeo"), test_server.member("juliet"));
    for member in [&mut romeo, &mut juliet] {
        member.roster().unwrap();
        member.be_available().unwrap();
    }
    for kind in ["contact", "account-and-contact"] {
        let invite = test_server.create(&json!({ "kind": kind, "inviter": "romeo" }));
        let (name, jid) = (format!("{kind}-friend"), format!("{kind}-friend@localhost"));
        let mut friend = test_server.member(&name);
        friend.roster().unwrap();
        friend.be_available().unwrap();
        friend.subscribe("romeo@localhost", Some(&invite.token)).unwrap();
        assert_eq!(test_server.redeemed_by(&invite), (jid.clone(), "roster".to_owned()));
        eventually("romeo has the contact", SOON, || {
            romeo
                .roster()
                .unwrap()
                .iter()
                .any(|(contact, state)| *contact == jid && state.starts_with("from"))
        });
        // The token is used: the next request is an ordinary one.
        juliet.subscribe("romeo@localhost", Some(&invite.token)).unwrap();
        assert!(juliet.ping(SOON).unwrap().is_ok());
        assert_eq!(test_server.show(&invite)["uses"], 1);
        assert!(romeo.roster().unwrap().iter().all(|(contact, _)| contact != "juliet@localhost"));
        test_server.assert_clean_log(&[&invite]);
    }
}

#[test]
fn a_token_makes_contacts_of_its_inviter_only() {
    let mut test_server = TestServer::new();
    let (mut romeo, mut juliet) = (test_server.member("romeo"), test_server.member("juliet"));
    romeo.roster().unwrap();
    romeo.be_available().unwrap();
    let others = test_server.create(&json!({ "kind": "contact", "inviter": "mercutio" }));
    let account = test_server.create(&json!({}));
    for token in [&others.token, &account.token, "nonsense"] {
        juliet.subscribe("romeo@localhost", Some(token)).unwrap();
        assert!(juliet.ping(SOON).unwrap().is_ok());
    }
    // Nobody is there, so nothing is spent.
    juliet.subscribe("mercutio@localhost", Some(&others.token)).unwrap();
    assert!(juliet.ping(SOON).unwrap().is_ok());
    assert_eq!(romeo.roster().unwrap(), []);
    assert_eq!(test_server.show(&others)["uses"], 0);
    test_server.assert_unspent(&account);
    // During an outage it is an ordinary request.
    let invite = test_server.create(&json!({ "kind": "contact", "inviter": "romeo" }));
    let mut nurse = test_server.member("nurse");
    test_server.vestibule.kill();
    nurse.subscribe("romeo@localhost", Some(&invite.token)).unwrap();
    let is_request =
        |stanza: &Element| stanza.is_stanza("presence", "subscribe") && stanza.is_from("nurse@localhost");
    romeo.wait_for("the request", SOON, is_request).unwrap();
    assert_eq!(romeo.roster().unwrap(), []);
    test_server.assert_clean_log(&[&invite, &others]);
}
