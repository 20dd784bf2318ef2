//! Invites follow accounts.

use serde_json::{Value, json};
use vestibule_e2e::Version;
use vestibule_e2e::xmpp::{Element, Reply};

use crate::outage::relayed;
use crate::relay::Mode;
use crate::scene::{Invite, PASSWORD, SOON, Scene, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    a_reset_ends_when_the_password_changes_otherwise,
    a_reset_that_is_used_is_used_and_not_revoked,
    a_reset_by_a_module_that_asks_nobody_is_used,
    what_an_account_made_ends_with_it,
    a_change_that_cannot_be_told_is_told_later,
    an_account_that_prosodyctl_deletes_leaves_nothing_to_the_next_owner,
    nobody_becomes_a_contact_of_who_is_gone,
    what_fits_no_account_is_refused_when_it_is_made,
);

fn reset_of(scene: &Scene, username: &str) -> Invite {
    scene.mint(&json!({ "kind": "password-reset", "username": username }))
}

/// Changes a password as apps do (XEP-0077).
fn change_password(scene: &Scene, username: &str, old: &str, new: &str) {
    let mut member = scene.guest();
    assert!(member.login(username, old).unwrap());
    let payload = format!(
        "<query xmlns='jabber:iq:register'><username>{username}</username><password>{new}</password></query>"
    );
    let reply = member.request("set", &payload).unwrap();
    assert!(reply.is_ok(), "{reply:?}");
}

/// Deletes the account from within (XEP-0077).
fn delete_account(scene: &Scene, username: &str) {
    let mut member = scene.guest();
    assert!(member.login(username, PASSWORD).unwrap());
    let _ = member.request("set", "<query xmlns='jabber:iq:register'><remove/></query>");
    let gone = || !scene.prosody.accounts().contains(&username.to_owned());
    crate::common::eventually("the account is gone", SOON, gone);
}

fn a_reset_ends_when_the_password_changes_otherwise(version: Version) {
    let scene = with_account_management(version);
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = reset_of(&scene, "romeo");
    change_password(&scene, "romeo", PASSWORD, "changed");
    scene.becomes(&invite, "revoked");
    assert_refused(&scene.guest().preauth(&invite.token).unwrap(), "cancel", "forbidden");
    assert!(scene.can_log_in("romeo", "changed"));
}

fn with_account_management(version: Version) -> Scene {
    Scene::with(version, |builder| {
        let module = if version == Version::V012 { "register" } else { "user_account_management" };
        builder.module(module).test_module("web_form")
    })
}

fn a_reset_that_is_used_is_used_and_not_revoked(version: Version) {
    let scene = with_account_management(version);
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = reset_of(&scene, "romeo");
    assert!(scene.admitted(&invite).register("romeo", "new").unwrap().is_ok());
    assert_eq!(scene.redeemed_by(&invite).0, "romeo@localhost");
    assert_eq!(scene.look_at(&invite)["state"], "used");
}

fn a_reset_by_a_module_that_asks_nobody_is_used(version: Version) {
    let scene = with_account_management(version);
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = reset_of(&scene, "romeo");
    let answer = crate::neighbours::register(&scene, &invite.token, "Romeo");
    assert_eq!(answer.status, 201, "{answer:?}\n{}", scene.prosody.log());
    assert_eq!(scene.redeemed_by(&invite).0, "romeo@localhost");
    assert_eq!(scene.look_at(&invite)["state"], "used");
    assert_eq!(crate::neighbours::register(&scene, &invite.token, "romeo").status, 403);
}

fn what_an_account_made_ends_with_it(version: Version) {
    let scene = with_account_management(version);
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let made = ["contact", "account-and-contact"]
        .map(|kind| scene.mint(&json!({ "kind": kind, "inviter": "romeo" })));
    let reset = reset_of(&scene, "romeo");
    let other = scene.mint(&json!({}));
    delete_account(&scene, "romeo");
    for invite in made.iter().chain([&reset]) {
        scene.becomes(invite, "revoked");
    }
    assert_eq!(scene.look_at(&other)["state"], "pending");
}

fn a_change_that_cannot_be_told_is_told_later(version: Version) {
    let (mut scene, relay) = relayed(version);
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = scene.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    scene.vestibule.kill();
    let deleted = match version {
        Version::V012 => delete_on_the_console(&scene, "romeo"),
        Version::V13 => scene.prosody.ctl(&["shell", "user", "delete", "romeo@localhost"]).unwrap().success(),
    };
    assert!(deleted);
    let tried = || scene.prosody.log().contains("Vestibule cannot be asked");
    crate::common::eventually("the change cannot be told", SOON, tried);
    scene.prosody.restart().unwrap();
    scene.vestibule.restart().unwrap();
    relay.set(Mode::To(scene.vestibule.addr()));
    scene.becomes(&invite, "revoked");
}

/// The console of 0.12 takes one line.
fn delete_on_the_console(scene: &Scene, username: &str) -> bool {
    let line = format!("user:delete('{username}@localhost')");
    scene.prosody.ctl(&["shell", &line]).unwrap().success()
}

fn an_account_that_prosodyctl_deletes_leaves_nothing_to_the_next_owner(version: Version) {
    let scene = Scene::new(version);
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let left = scene.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    let output = scene.prosody.ctl(&["deluser", "romeo@localhost"]).unwrap();
    assert!(output.success(), "{output}");
    let invite = scene.mint(&json!({}));
    assert!(scene.admitted(&invite).register("romeo", "another").unwrap().is_ok());
    assert_eq!(scene.redeemed_by(&invite).0, "romeo@localhost");
    scene.becomes(&left, "revoked");
    // The new owner is asked, as by anybody.
    let mut romeo = scene.guest();
    assert!(romeo.login("romeo", "another").unwrap());
    assert_eq!(romeo.roster().unwrap(), []);
    romeo.be_available().unwrap();
    let mut juliet = scene.member("juliet");
    juliet.subscribe("romeo@localhost", Some(&left.token)).unwrap();
    let is_request =
        |stanza: &Element| stanza.is_stanza("presence", "subscribe") && stanza.is_from("juliet@localhost");
    romeo.wait_for("the request", SOON, is_request).unwrap();
}

fn nobody_becomes_a_contact_of_who_is_gone(version: Version) {
    let scene = Scene::with(version, |builder| builder.test_module("witness"));
    let invite =
        scene.mint(&json!({ "kind": "account-and-contact", "inviter": "ghost", "groups": ["montague"] }));
    assert!(scene.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(scene.redeemed_by(&invite).0, "juliet@localhost");
    let mut juliet = scene.guest();
    assert!(juliet.login("juliet", PASSWORD).unwrap());
    assert_eq!(juliet.roster().unwrap(), []);
    assert_eq!(scene.prosody.stored("roster", "ghost"), None);
    assert!(scene.prosody.stored("witness", "juliet").is_some_and(|seen| seen.contains("montague")));
    // Nor does a stranger's request make a roster for somebody who does not exist.
    let contact = scene.mint(&json!({ "kind": "contact", "inviter": "ghost" }));
    juliet.subscribe("ghost@localhost", Some(&contact.token)).unwrap();
    assert!(juliet.ping(SOON).unwrap().is_ok());
    assert_eq!(scene.look_at(&contact)["state"], "pending");
}

/// What the shell, ad-hoc commands and `mod_invites generate` say no with.
fn what_fits_no_account_is_refused_when_it_is_made(version: Version) {
    let scene = Scene::new(version);
    for username in ["admin", "romeo"] {
        scene.prosody.add_account(username, PASSWORD).unwrap();
    }
    let says = |node: &str, fields: Value, words: &str| {
        let answer =
            scene.other_client("admin@localhost").run("command", &json!({ "node": node, "fields": fields }));
        let answer = answer.unwrap().to_string();
        assert!(answer.contains(words), "{words} is not in {answer}");
    };
    says("urn:xmpp:invite#create-account", json!({ "username": "romeo" }), "romeo@localhost exists already");
    let reset = "xmpp:prosody.im/mod_invites_adhoc#password-reset";
    says(reset, json!({ "accountjid": "ghost@localhost" }), "no account ghost@localhost");
    let generated = scene.prosody.ctl(&["mod_invites", "generate", "localhost", "--reset", "ghost"]).unwrap();
    assert!(
        !generated.success() && generated.to_string().contains("no account ghost@localhost"),
        "{generated}"
    );
    if version == Version::V13 {
        let shell = |words: &[&str], why: &str| {
            let output = scene.prosody.ctl(&[&["shell", "invite"], words].concat()).unwrap();
            assert!(!output.success() && output.to_string().contains(why), "{output}");
        };
        shell(&["create_account", "romeo@localhost"], "exists already");
        shell(&["create_reset", "ghost@localhost"], "no account");
        shell(&["create_contact", "ghost@localhost"], "no account");
        shell(&["create_account", "--role", "nosuch", "localhost"], "no role nosuch");
        assert!(scene.prosody.ctl(&["shell", "user", "disable", "romeo@localhost"]).unwrap().success());
        shell(&["create_reset", "romeo@localhost"], "is disabled");
    }
    assert_eq!(scene.invites(), Vec::<Value>::new());
}

/// What is new in 13.
mod disabled {
    use super::*;

    #[test]
    fn an_account_that_is_disabled_invites_nobody_and_gets_no_password() {
        let scene = Scene::new(Version::V13);
        scene.prosody.add_account("romeo", PASSWORD).unwrap();
        let made = scene.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
        let reset = reset_of(&scene, "romeo");
        let mut guest = scene.admitted(&reset);
        assert!(scene.prosody.ctl(&["shell", "user", "disable", "romeo@localhost"]).unwrap().success());
        scene.becomes(&made, "revoked");
        scene.becomes(&reset, "revoked");
        assert!(matches!(guest.register("romeo", "new").unwrap(), Reply::Refused { .. }));
        let late = reset_of(&scene, "romeo");
        assert_refused(&scene.admitted(&late).register("romeo", "new").unwrap(), "cancel", "not-allowed");
    }

    #[test]
    fn a_role_that_does_not_exist_keeps_nothing_else_from_a_new_account() {
        let scene = Scene::with(Version::V13, |builder| builder.test_module("witness"));
        let invite = scene.mint(&json!({ "roles": ["nosuch", "prosody:member"], "groups": ["montague"] }));
        assert!(scene.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
        assert_eq!(scene.redeemed_by(&invite).0, "juliet@localhost");
        let seen = || scene.prosody.stored("witness", "juliet");
        crate::common::eventually("the other module's hook ran", SOON, || seen().is_some());
        let log = scene.prosody.log();
        assert!(log.contains("did not get the role nosuch") && !log.contains("Traceback"), "{log}");
        let roles = scene.prosody.stored("account_roles", "juliet").unwrap_or_default();
        assert!(roles.contains("prosody:member"), "{roles}");
    }
}
