//! Who does not get in, and what they hear.

use serde_json::json;
use vestibule_core::RegistrarError;
use vestibule_e2e::{Certificate, Version};

use crate::{
    common::HOST, common::eventually, house::House, scene::PASSWORD, scene::SOON, versions::on_both_versions,
};

on_both_versions!(
    a_bound_token_is_for_no_other_name,
    a_reserved_name_is_taken,
    a_name_that_is_there_is_taken,
    a_token_that_is_no_good_is_refused,
    a_reset_makes_no_account,
    rules_of_the_server_hold,
    a_field_that_is_required_is_named,
    while_vestibule_is_away_nobody_gets_in,
);

fn a_bound_token_is_for_no_other_name(version: Version) {
    let house = House::new(version);
    let invite = house.bound("juliet");
    let outcome = house.register(&invite, "romeo", PASSWORD);
    let words = "This invite is for another username.".to_owned();
    assert_eq!(outcome, Err(RegistrarError::UsernameNotAllowed(words)));
    assert!(!house.can_log_in("romeo", PASSWORD));
    house.is_untouched(&invite);
    assert_eq!(house.register(&invite, "juliet", PASSWORD), Ok(()));
}

fn a_reserved_name_is_taken(version: Version) {
    let house = House::new(version);
    house.bound("juliet");
    let invite = house.mint(&json!({}));
    assert_eq!(house.register(&invite, "juliet", PASSWORD), Err(RegistrarError::UsernameTaken));
    assert!(!house.can_log_in("juliet", PASSWORD));
    house.is_untouched(&invite);
}

fn a_name_that_is_there_is_taken(version: Version) {
    let house = House::new(version);
    house.scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = house.mint(&json!({}));
    assert_eq!(house.register(&invite, "romeo", "stolen"), Err(RegistrarError::UsernameTaken));
    assert!(house.can_log_in("romeo", PASSWORD));
    house.is_untouched(&invite);
    assert_eq!(house.register(&invite, "juliet", PASSWORD), Ok(()));
}

fn a_token_that_is_no_good_is_refused(version: Version) {
    let house = House::new(version);
    let used = house.mint(&json!({}));
    assert_eq!(house.register(&used, "juliet", PASSWORD), Ok(()));
    house.scene.becomes(&used, "used");
    let revoked = house.mint(&json!({}));
    let (status, _) = house.scene.api("DELETE", &format!("/v1/invites/{}", revoked.id), None);
    assert_eq!(status, 204);
    let expired = house.mint(&json!({ "expires_in": "1s" }));
    eventually("it expires", SOON, || house.scene.look_at(&expired)["state"] == "expired");
    let mut unknown = house.mint(&json!({}));
    unknown.token = unknown.token.chars().rev().collect();
    for invite in [used, revoked, expired, unknown] {
        assert_eq!(house.register(&invite, "romeo", PASSWORD), Err(RegistrarError::TokenRefused));
    }
    assert!(!house.can_log_in("romeo", PASSWORD));
}

fn a_reset_makes_no_account(version: Version) {
    let house = House::new(version);
    let invite = house.mint(&json!({ "kind": "password-reset", "username": "ghost" }));
    let words = "There is no such account.".to_owned();
    assert_eq!(house.register(&invite, "ghost", PASSWORD), Err(RegistrarError::UsernameNotAllowed(words)));
    assert!(!house.can_log_in("ghost", PASSWORD));
}

fn rules_of_the_server_hold(version: Version) {
    let certificate = Certificate::new(HOST, false).unwrap();
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/modules"));
    let house =
        House::with(version, &certificate, |builder| builder.plugin_path(folder).module("test_rules"));
    let invite = house.mint(&json!({}));
    let outcome = house.register(&invite, "juliet", "short");
    let words = "The password must have ten characters.".to_owned();
    assert_eq!(outcome, Err(RegistrarError::PasswordNotAllowed(words)));
    let outcome = house.register(&invite, "root", "long enough");
    assert_eq!(outcome, Err(RegistrarError::UsernameNotAllowed("That username is not for you.".to_owned())));
    let outcome = house.register(&invite, "hurry", "long enough");
    assert_eq!(outcome, Err(RegistrarError::Unavailable("Not so fast.".to_owned())));
    house.is_untouched(&invite);
    assert_eq!(house.register(&invite, "juliet", "long enough"), Ok(()));
}

fn a_field_that_is_required_is_named(version: Version) {
    let certificate = Certificate::new(HOST, false).unwrap();
    let house = House::with(version, &certificate, |builder| {
        builder.config("additional_registration_fields = { \"email+\", \"nick\" }")
    });
    house.scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let account = house.mint(&json!({}));
    let reset = house.mint(&json!({ "kind": "password-reset", "username": "romeo" }));
    for (invite, username) in [(&account, "juliet"), (&reset, "romeo")] {
        let outcome = house.register(invite, username, "another");
        assert_eq!(outcome, Err(RegistrarError::RequiresField("email".to_owned())));
        house.is_untouched(invite);
    }
}

fn while_vestibule_is_away_nobody_gets_in(version: Version) {
    let mut house = House::new(version);
    let invite = house.mint(&json!({}));
    house.scene.vestibule.kill();
    let outcome = house.register(&invite, "juliet", PASSWORD);
    let words = "Invites cannot be checked right now. Please try again later.".to_owned();
    assert_eq!(outcome, Err(RegistrarError::Unavailable(words)));
    assert!(!house.can_log_in("juliet", PASSWORD));
}
