//! Adding contacts with invites.

use serde_json::json;
use vestibule_e2e::xmpp::{Element, Stream};
use vestibule_e2e::{ProsodyBuilder, Version};

use crate::test_server::{PASSWORD, SOON, TestServer};
use crate::versions::on_both_versions;

const ROMEO: &str = "romeo@localhost";
const JULIET: &str = "juliet@localhost";
/// On a host of the same Prosody without the bridge.
const ROSALINE: &str = "rosaline@capulet.localhost";

on_both_versions!(
    an_account_from_a_members_invite_is_their_contact,
    a_contact_invite_connects_two_members,
    a_contact_invite_adds_a_contact_on_another_server,
    an_offline_member_gets_the_contact_too,
    a_contact_invite_works_once,
    an_invalid_token_is_an_ordinary_request,
    a_token_of_another_inviter_is_an_ordinary_request,
    an_account_invite_adds_a_contact_for_an_existing_account,
);

fn with_another_host(builder: ProsodyBuilder) -> ProsodyBuilder {
    builder.another_host("capulet.localhost")
}

/// Logs a member in who gets roster pushes.
fn watching(test_server: &TestServer, username: &str) -> Stream {
    let mut member = test_server.member(username);
    assert_eq!(member.roster().unwrap(), []);
    member.be_available().unwrap();
    member
}

fn both(jid: &str) -> Vec<(String, String)> {
    vec![(jid.to_owned(), "both".to_owned())]
}

/// Asserts that the member gets an ordinary contact request from `jid`, and has no contact.
fn assert_only_asked(member: &mut Stream, jid: &str) {
    let is_request = |stanza: &Element| stanza.is_stanza("presence", "subscribe") && stanza.is_from(jid);
    member.wait_for("the request", SOON, is_request).unwrap();
    assert!(member.roster().unwrap().iter().all(|(contact, _)| contact != jid), "{:?}", member.roster());
}

fn an_account_from_a_members_invite_is_their_contact(version: Version) {
    let test_server = TestServer::new(version);
    let mut romeo = watching(&test_server, "romeo");
    let invite = test_server.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    romeo.roster_push(JULIET, "both").unwrap();
    assert_eq!(romeo.roster().unwrap(), both(JULIET));
    let mut juliet = test_server.guest();
    assert!(juliet.login("juliet", PASSWORD).unwrap());
    assert_eq!(juliet.roster().unwrap(), both(ROMEO));
    // They get each other's presence.
    juliet.be_available().unwrap();
    let is_there = |stanza: &Element| stanza.name == "presence" && stanza.attr("type").is_none();
    romeo.wait_for("Juliet's presence", SOON, |stanza| is_there(stanza) && stanza.is_from(JULIET)).unwrap();
    juliet.wait_for("Romeo's presence", SOON, |stanza| is_there(stanza) && stanza.is_from(ROMEO)).unwrap();
    assert_eq!(test_server.redeemed_by(&invite), (JULIET.to_owned(), "ibr".to_owned()));
}

fn a_contact_invite_connects_two_members(version: Version) {
    let test_server = TestServer::new(version);
    let mut romeo = watching(&test_server, "romeo");
    test_server.prosody.add_account("juliet", PASSWORD).unwrap();
    let invite = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    let wishes = json!({ "to": ROMEO, "token": invite.token, "subscription": "both" });
    let roster = test_server.other_client(JULIET).run("subscribe", &wishes).unwrap();
    assert_eq!(roster, json!({ ROMEO: { "subscription": "both", "ask": false } }));
    romeo.roster_push(JULIET, "both").unwrap();
    assert_eq!(romeo.roster().unwrap(), both(JULIET));
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite), (JULIET.to_owned(), "roster".to_owned()));
}

fn a_contact_invite_adds_a_contact_on_another_server(version: Version) {
    let test_server = TestServer::with(version, with_another_host);
    let mut romeo = watching(&test_server, "romeo");
    test_server.prosody.add_account_on("capulet.localhost", "rosaline", PASSWORD).unwrap();
    let invite = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    let wishes = json!({ "to": ROMEO, "token": invite.token, "subscription": "both" });
    test_server.other_client(ROSALINE).run("subscribe", &wishes).unwrap();
    romeo.roster_push(ROSALINE, "both").unwrap();
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite), (ROSALINE.to_owned(), "roster".to_owned()));
}

fn an_offline_member_gets_the_contact_too(version: Version) {
    let test_server = TestServer::new(version);
    for username in ["romeo", "juliet"] {
        test_server.prosody.add_account(username, PASSWORD).unwrap();
    }
    let invite = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    let wishes = json!({ "to": ROMEO, "token": invite.token, "subscription": "both" });
    test_server.other_client(JULIET).run("subscribe", &wishes).unwrap();
    let roster = test_server.other_client(ROMEO).run("roster", &json!({})).unwrap();
    assert_eq!(roster, json!({ JULIET: { "subscription": "both", "ask": false } }));
}

fn a_contact_invite_works_once(version: Version) {
    let test_server = TestServer::new(version);
    let mut romeo = watching(&test_server, "romeo");
    let (mut juliet, mut nurse) = (watching(&test_server, "juliet"), watching(&test_server, "nurse"));
    let invite = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    juliet.subscribe(ROMEO, Some(&invite.token)).unwrap();
    juliet.roster_push(ROMEO, "to").unwrap();
    test_server.becomes(&invite, "used");
    nurse.subscribe(ROMEO, Some(&invite.token)).unwrap();
    assert_only_asked(&mut romeo, "nurse@localhost");
}

fn an_invalid_token_is_an_ordinary_request(version: Version) {
    let test_server = TestServer::new(version);
    let mut romeo = watching(&test_server, "romeo");
    let revoked = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    assert_eq!(test_server.api("DELETE", &format!("/v1/invites/{}", revoked.id), None).0, 204);
    let (account, long) = (test_server.mint(&json!({})), "x".repeat(10_000));
    let tokens = [&revoked.token, &account.token, &long, "nonsense", "", "<&'\">"];
    for (username, token) in
        ["abraham", "balthasar", "gregory", "peter", "paris", "sampson"].iter().zip(tokens)
    {
        let mut member = watching(&test_server, username);
        member.subscribe(ROMEO, Some(token)).unwrap();
        member.roster_push(ROMEO, "none+ask").unwrap();
        assert_only_asked(&mut romeo, &format!("{username}@localhost"));
    }
    assert_eq!(test_server.show(&account)["state"], "pending");
}

fn a_token_of_another_inviter_is_an_ordinary_request(version: Version) {
    let test_server = TestServer::new(version);
    let mut romeo = watching(&test_server, "romeo");
    let mut juliet = watching(&test_server, "juliet");
    let invite = test_server.mint(&json!({ "kind": "contact", "inviter": "mercutio" }));
    juliet.subscribe(ROMEO, Some(&invite.token)).unwrap();
    assert_only_asked(&mut romeo, JULIET);
    assert_eq!(test_server.show(&invite)["state"], "pending");
}

fn an_account_invite_adds_a_contact_for_an_existing_account(version: Version) {
    let test_server = TestServer::with(version, with_another_host);
    let mut romeo = watching(&test_server, "romeo");
    test_server.prosody.add_account_on("capulet.localhost", "rosaline", PASSWORD).unwrap();
    let invite = test_server.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
    let wishes = json!({ "to": ROMEO, "token": invite.token, "subscription": "both" });
    test_server.other_client(ROSALINE).run("subscribe", &wishes).unwrap();
    romeo.roster_push(ROSALINE, "both").unwrap();
    test_server.becomes(&invite, "used");
    assert!(!test_server.guest().preauth(&invite.token).unwrap().is_ok());
}
