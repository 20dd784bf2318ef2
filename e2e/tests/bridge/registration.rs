//! Registering in an app, by invite.

use serde_json::json;
use vestibule_e2e::Version;
use vestibule_e2e::xmpp::ns;

use crate::scene::{PASSWORD, SOON, Scene, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    features_say_that_tokens_are_taken,
    an_invite_lets_one_account_in_and_vestibule_knows_whom,
    nobody_registers_without_an_invite,
    a_name_that_is_taken_gives_the_use_back,
    an_invite_for_many_lets_many_in,
    groups_and_roles_and_data_do_no_harm,
    what_follows_a_good_token_does_not_fail_because_of_time,
    another_client_logs_in_to_what_was_registered,
    neither_tokens_nor_keys_are_logged,
);

fn features_say_that_tokens_are_taken(version: Version) {
    let scene = Scene::new(version);
    let mut guest = scene.guest();
    for ns in [ns::IBR_TOKEN, ns::INVITE] {
        assert!(guest.features().child("register", ns).is_some(), "{ns}: {:?}", guest.features());
    }
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    assert!(guest.login("romeo", PASSWORD).unwrap());
    for ns in [ns::IBR_TOKEN, ns::INVITE] {
        assert!(guest.features().child("register", ns).is_none(), "{ns}: {:?}", guest.features());
    }
}

fn an_invite_lets_one_account_in_and_vestibule_knows_whom(version: Version) {
    let scene = Scene::new(version);
    let invite = scene.mint(&json!({}));
    let mut guest = scene.admitted(&invite);
    assert!(guest.registration_form().unwrap().is_ok());
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(scene.can_log_in("juliet", PASSWORD));
    scene.becomes(&invite, "used");
    assert_eq!(scene.redeemed_by(&invite), ("juliet@localhost".to_owned(), "ibr".to_owned()));
    // Neither on the same stream nor on another.
    assert!(!guest.register("nurse", PASSWORD).unwrap().is_ok());
    assert_refused(&scene.guest().preauth(&invite.token).unwrap(), "cancel", "forbidden");
    assert!(!scene.can_log_in("nurse", PASSWORD));
}

fn nobody_registers_without_an_invite(version: Version) {
    let scene = Scene::new(version);
    assert!(!scene.guest().register("juliet", PASSWORD).unwrap().is_ok());
    assert!(!scene.can_log_in("juliet", PASSWORD));
}

fn a_name_that_is_taken_gives_the_use_back(version: Version) {
    let scene = Scene::new(version);
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = scene.mint(&json!({}));
    let mut guest = scene.admitted(&invite);
    let reply = guest.register("romeo", "another").unwrap();
    assert_eq!(reply.refusal(), Some(("cancel", "conflict")), "{reply:?}");
    assert!(!scene.can_log_in("romeo", "another"));
    // Somebody else may have it now.
    let claimed =
        scene.api("POST", "/v1/redemptions", Some(&json!({ "token": invite.token, "username": "x" })));
    assert_eq!(claimed.0, 201, "{claimed:?}");
    let path = format!("/v1/redemptions/{}", claimed.1["claim"].as_str().expect("a claim"));
    assert_eq!(scene.api("DELETE", &path, None).0, 204);
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(scene.redeemed_by(&invite).0, "juliet@localhost");
}

fn an_invite_for_many_lets_many_in(version: Version) {
    let scene = Scene::new(version);
    let invite = scene.mint(&json!({ "max_uses": 2 }));
    for username in ["juliet", "nurse"] {
        assert!(scene.admitted(&invite).register(username, PASSWORD).unwrap().is_ok());
        assert!(scene.can_log_in(username, PASSWORD));
    }
    scene.becomes(&invite, "used");
    assert!(!scene.guest().preauth(&invite.token).unwrap().is_ok());

    let endless = scene.mint(&json!({ "max_uses": null }));
    for username in ["tybalt", "paris", "peter"] {
        assert!(scene.admitted(&endless).register(username, PASSWORD).unwrap().is_ok());
    }
    crate::common::eventually("three uses", SOON, || scene.look_at(&endless)["uses"] == 3);
    assert_eq!(scene.look_at(&endless)["state"], "pending");
}

fn groups_and_roles_and_data_do_no_harm(version: Version) {
    let scene = Scene::new(version);
    let wishes = json!({
        "groups": ["class 7b"], "roles": ["prosody:admin"], "note": "<&>",
        "data": { "ticket": 4711, "nested": { "a": [1, null, "b"] }, "roles": "not a list" },
    });
    let invite = scene.mint(&wishes);
    assert!(scene.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert!(scene.can_log_in("juliet", PASSWORD));
    scene.becomes(&invite, "used");
}

fn what_follows_a_good_token_does_not_fail_because_of_time(version: Version) {
    let scene = Scene::new(version);
    let invite = scene.mint(&json!({ "expires_in": "3s" }));
    let mut guest = scene.admitted(&invite);
    scene.becomes(&invite, "expired");
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(scene.redeemed_by(&invite).0, "juliet@localhost");
    assert_refused(&scene.guest().preauth(&invite.token).unwrap(), "cancel", "forbidden");
}

fn another_client_logs_in_to_what_was_registered(version: Version) {
    let scene = Scene::new(version);
    let invite = scene.mint(&json!({}));
    assert!(scene.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    let welcome = scene.other_client("juliet@localhost").run("login", &json!({})).unwrap();
    assert_eq!(welcome, json!({ "welcome": true }));
}

fn neither_tokens_nor_keys_are_logged(version: Version) {
    let scene = Scene::new(version);
    let invites = [scene.mint(&json!({})), scene.mint(&json!({ "username": "juliet" }))];
    for (invite, username) in invites.iter().zip(["romeo", "juliet"]) {
        assert!(scene.admitted(invite).register(username, PASSWORD).unwrap().is_ok());
        scene.becomes(invite, "used");
        assert!(!scene.guest().preauth(&invite.token).unwrap().is_ok());
    }
    let (_, secret) = scene.key.split_once('/').expect("ID/SECRET");
    let logs = [scene.prosody.log(), scene.vestibule.stderr()];
    for word in [secret, &invites[0].token, &invites[1].token] {
        assert!(logs.iter().all(|log| !log.contains(word)), "{word} is in {logs:?}");
    }
}
