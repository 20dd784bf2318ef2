//! Changes of accounts apply to their invites.

use serde_json::{Value, json};
use vestibule_e2e::Version;
use vestibule_e2e::xmpp::{Element, Reply};

use crate::outage::relayed;
use crate::relay::Mode;
use crate::test_server::{Invite, PASSWORD, SOON, TestServer, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    a_reset_ends_when_the_password_changes_otherwise,
    a_used_reset_is_not_revoked,
    a_reset_by_another_module_is_recorded,
    deleting_an_account_revokes_its_invites,
    an_undelivered_account_change_is_sent_again,
    an_account_deleted_with_prosodyctl_leaves_nothing_to_the_next_owner,
    an_account_that_joined_by_invite_leaves_nothing_to_the_next_owner,
    invites_for_a_person_who_has_not_joined_yet_are_kept,
    a_deleted_account_gets_no_contacts,
    an_invite_that_fits_no_account_is_refused,
);

fn reset_of(test_server: &TestServer, username: &str) -> Invite {
    test_server.mint(&json!({ "kind": "password-reset", "username": username }))
}

/// Changes a password in an app (XEP-0077).
fn change_password(test_server: &TestServer, username: &str, old: &str, new: &str) {
    let mut member = test_server.guest();
    assert!(member.login(username, old).unwrap());
    let payload = format!(
        "<query xmlns='jabber:iq:register'><username>{username}</username><password>{new}</password></query>"
    );
    let reply = member.request("set", &payload).unwrap();
    assert!(reply.is_ok(), "{reply:?}");
}

/// Deletes an account in an app (XEP-0077).
fn delete_account(test_server: &TestServer, username: &str) {
    let mut member = test_server.guest();
    assert!(member.login(username, PASSWORD).unwrap());
    let _ = member.request("set", "<query xmlns='jabber:iq:register'><remove/></query>");
    let gone = || !test_server.prosody.accounts().contains(&username.to_owned());
    crate::common::eventually("the account is gone", SOON, gone);
}

fn a_reset_ends_when_the_password_changes_otherwise(version: Version) {
    let test_server = with_account_management(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = reset_of(&test_server, "romeo");
    change_password(&test_server, "romeo", PASSWORD, "changed");
    test_server.becomes(&invite, "revoked");
    assert_refused(&test_server.guest().preauth(&invite.token).unwrap(), "cancel", "forbidden");
    assert!(test_server.can_log_in("romeo", "changed"));
}

fn with_account_management(version: Version) -> TestServer {
    TestServer::with(version, |builder| {
        let module = if version == Version::V012 { "register" } else { "user_account_management" };
        builder.module(module).test_module("web_form")
    })
}

fn a_used_reset_is_not_revoked(version: Version) {
    let test_server = with_account_management(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = reset_of(&test_server, "romeo");
    assert!(test_server.admitted(&invite).register("romeo", "new").unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "romeo@localhost");
    assert_eq!(test_server.show(&invite)["state"], "used");
}

fn a_reset_by_another_module_is_recorded(version: Version) {
    let test_server = with_account_management(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = reset_of(&test_server, "romeo");
    let answer = crate::neighbours::register(&test_server, &invite.token, "Romeo");
    assert_eq!(answer.status, 201, "{answer:?}\n{}", test_server.prosody.log());
    assert_eq!(test_server.redeemed_by(&invite).0, "romeo@localhost");
    assert_eq!(test_server.show(&invite)["state"], "used");
    assert_eq!(crate::neighbours::register(&test_server, &invite.token, "romeo").status, 403);
}

fn deleting_an_account_revokes_its_invites(version: Version) {
    let test_server = with_account_management(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let made = ["contact", "account-and-contact"]
        .map(|kind| test_server.mint(&json!({ "kind": kind, "inviter": "romeo" })));
    let reset = reset_of(&test_server, "romeo");
    let other = test_server.mint(&json!({}));
    delete_account(&test_server, "romeo");
    for invite in made.iter().chain([&reset]) {
        test_server.becomes(invite, "revoked");
    }
    assert_eq!(test_server.show(&other)["state"], "pending");
}

fn an_undelivered_account_change_is_sent_again(version: Version) {
    let (mut test_server, relay) = relayed(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    test_server.vestibule.kill();
    let deleted = match version {
        Version::V012 => delete_on_the_console(&test_server, "romeo"),
        Version::V13 => {
            test_server.prosody.ctl(&["shell", "user", "delete", "romeo@localhost"]).unwrap().success()
        }
    };
    assert!(deleted);
    let tried = || test_server.prosody.log().contains("Vestibule is unreachable");
    crate::common::eventually("the change cannot be told", SOON, tried);
    test_server.prosody.restart().unwrap();
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    test_server.becomes(&invite, "revoked");
}

/// Deletes an account with the console of 0.12.
fn delete_on_the_console(test_server: &TestServer, username: &str) -> bool {
    let line = format!("user:delete('{username}@localhost')");
    test_server.prosody.ctl(&["shell", &line]).unwrap().success()
}

fn an_account_deleted_with_prosodyctl_leaves_nothing_to_the_next_owner(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let left = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    let output = test_server.prosody.ctl(&["deluser", "romeo@localhost"]).unwrap();
    assert!(output.success(), "{output}");
    let invite = test_server.mint(&json!({}));
    assert!(test_server.admitted(&invite).register("romeo", "another").unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "romeo@localhost");
    test_server.becomes(&left, "revoked");
    // The new owner gets an ordinary contact request.
    let mut romeo = test_server.guest();
    assert!(romeo.login("romeo", "another").unwrap());
    assert_eq!(romeo.roster().unwrap(), []);
    romeo.be_available().unwrap();
    let mut juliet = test_server.member("juliet");
    juliet.subscribe("romeo@localhost", Some(&left.token)).unwrap();
    let is_request =
        |stanza: &Element| stanza.is_stanza("presence", "subscribe") && stanza.is_from("juliet@localhost");
    romeo.wait_for("the request", SOON, is_request).unwrap();
}

/// Returns an invite that an operator creates in the name of this account.
fn contact_of(test_server: &TestServer, username: &str) -> Invite {
    let created =
        test_server.vestibule.cli(&["invites", "create", "localhost", "--contact", username, "--json"]);
    let created = created.unwrap().json().expect("JSON");
    let created = created.as_array().map_or(&created, |all| &all[0]);
    let text = |name: &str| created[name].as_str().expect("text").to_owned();
    Invite { id: text("id"), token: text("token") }
}

fn an_account_that_joined_by_invite_leaves_nothing_to_the_next_owner(version: Version) {
    let test_server = TestServer::new(version);
    let before = contact_of(&test_server, "romeo");
    test_server.assert_works("romeo");
    let after = contact_of(&test_server, "romeo");
    let output = test_server.prosody.ctl(&["deluser", "romeo@localhost"]).unwrap();
    assert!(output.success(), "{output}");
    test_server.assert_works("romeo");
    for left in [&before, &after] {
        assert_eq!(test_server.show(left)["state"], "revoked");
    }
}

fn invites_for_a_person_who_has_not_joined_yet_are_kept(version: Version) {
    let test_server = with_account_management(version);
    let friends = contact_of(&test_server, "romeo");
    let invite = test_server.mint(&json!({ "username": "romeo" }));
    assert!(test_server.admitted(&invite).register("romeo", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "romeo@localhost");
    assert!(test_server.admitted(&friends).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&friends).0, "juliet@localhost");
    let mut juliet = test_server.guest();
    assert!(juliet.login("juliet", PASSWORD).unwrap());
    assert_eq!(juliet.roster().unwrap().len(), 1, "romeo is a contact");
    // From now on they belong to the account.
    let more = contact_of(&test_server, "romeo");
    delete_account(&test_server, "romeo");
    test_server.becomes(&more, "revoked");
}

fn a_deleted_account_gets_no_contacts(version: Version) {
    let test_server = TestServer::with(version, |builder| builder.test_module("witness"));
    let invite = test_server
        .mint(&json!({ "kind": "account-and-contact", "inviter": "ghost", "groups": ["montague"] }));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    let mut juliet = test_server.guest();
    assert!(juliet.login("juliet", PASSWORD).unwrap());
    assert_eq!(juliet.roster().unwrap(), []);
    assert_eq!(test_server.prosody.stored("roster", "ghost"), None);
    assert!(test_server.prosody.stored("witness", "juliet").is_some_and(|seen| seen.contains("montague")));
    // A contact request creates no roster for a missing account.
    let contact = test_server.mint(&json!({ "kind": "contact", "inviter": "ghost" }));
    juliet.subscribe("ghost@localhost", Some(&contact.token)).unwrap();
    assert!(juliet.ping(SOON).unwrap().is_ok());
    assert_eq!(test_server.show(&contact)["state"], "pending");
}

/// The errors of the shell, ad-hoc commands and `mod_invites generate`.
fn an_invite_that_fits_no_account_is_refused(version: Version) {
    let test_server = TestServer::new(version);
    for username in ["admin", "romeo"] {
        test_server.prosody.add_account(username, PASSWORD).unwrap();
    }
    let says = |node: &str, fields: Value, text: &str| {
        let answer = test_server
            .other_client("admin@localhost")
            .run("command", &json!({ "node": node, "fields": fields }));
        let answer = answer.unwrap().to_string();
        assert!(answer.contains(text), "{text} is not in {answer}");
    };
    says("urn:xmpp:invite#create-account", json!({ "username": "romeo" }), "romeo@localhost exists already");
    let reset = "xmpp:prosody.im/mod_invites_adhoc#password-reset";
    says(reset, json!({ "accountjid": "ghost@localhost" }), "no account ghost@localhost");
    let generated =
        test_server.prosody.ctl(&["mod_invites", "generate", "localhost", "--reset", "ghost"]).unwrap();
    assert!(
        !generated.success() && generated.to_string().contains("no account ghost@localhost"),
        "{generated}"
    );
    if version == Version::V13 {
        let shell = |text: &[&str], why: &str| {
            let output = test_server.prosody.ctl(&[&["shell", "invite"], text].concat()).unwrap();
            assert!(!output.success() && output.to_string().contains(why), "{output}");
        };
        shell(&["create_account", "romeo@localhost"], "exists already");
        shell(&["create_reset", "ghost@localhost"], "no account");
        shell(&["create_contact", "ghost@localhost"], "no account");
        shell(&["create_account", "--role", "nosuch", "localhost"], "no role nosuch");
        assert!(test_server.prosody.ctl(&["shell", "user", "disable", "romeo@localhost"]).unwrap().success());
        shell(&["create_reset", "romeo@localhost"], "is disabled");
    }
    assert_eq!(test_server.invites(), Vec::<Value>::new());
}

/// Features of 13.
mod disabled {
    use super::*;

    #[test]
    fn invites_of_a_disabled_account_are_refused() {
        let test_server = TestServer::new(Version::V13);
        test_server.prosody.add_account("romeo", PASSWORD).unwrap();
        let made = test_server.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
        let reset = reset_of(&test_server, "romeo");
        let mut guest = test_server.admitted(&reset);
        assert!(test_server.prosody.ctl(&["shell", "user", "disable", "romeo@localhost"]).unwrap().success());
        test_server.becomes(&made, "revoked");
        test_server.becomes(&reset, "revoked");
        assert!(matches!(guest.register("romeo", "new").unwrap(), Reply::Refused { .. }));
        let late = reset_of(&test_server, "romeo");
        assert_refused(
            &test_server.admitted(&late).register("romeo", "new").unwrap(),
            "cancel",
            "not-allowed",
        );
    }

    #[test]
    fn an_unknown_role_does_not_prevent_other_settings_of_an_account() {
        let test_server = TestServer::with(Version::V13, |builder| builder.test_module("witness"));
        let invite =
            test_server.mint(&json!({ "roles": ["nosuch", "prosody:member"], "groups": ["montague"] }));
        assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
        assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
        let seen = || test_server.prosody.stored("witness", "juliet");
        crate::common::eventually("the other module's hook ran", SOON, || seen().is_some());
        let log = test_server.prosody.log();
        assert!(log.contains("did not get the role nosuch") && !log.contains("Traceback"), "{log}");
        let roles = test_server.prosody.stored("account_roles", "juliet").unwrap_or_default();
        assert!(roles.contains("prosody:member"), "{roles}");
    }
}
