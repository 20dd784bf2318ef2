//! Refused registrations and their errors.

use serde_json::json;
use vestibule_core::RegistrarError;
use vestibule_e2e::{Certificate, Version};

use crate::{
    common::HOST, common::eventually, installation::Installation, test_server::PASSWORD, test_server::SOON,
    versions::on_both_versions,
};

on_both_versions!(
    a_bound_token_is_refused_for_another_name,
    a_reserved_name_is_taken,
    the_name_of_an_existing_account_is_taken,
    an_invalid_token_is_refused,
    a_reset_creates_no_account,
    the_rules_of_the_server_apply,
    a_required_field_is_named,
    registrations_fail_while_vestibule_is_unreachable,
);

fn a_bound_token_is_refused_for_another_name(version: Version) {
    let installation = Installation::new(version);
    let invite = installation.bound("juliet");
    let outcome = installation.register(&invite, "romeo", PASSWORD);
    let text = "This invite is for another username.".to_owned();
    assert_eq!(outcome, Err(RegistrarError::UsernameNotAllowed(text)));
    assert!(!installation.can_log_in("romeo", PASSWORD));
    installation.assert_unused(&invite);
    assert_eq!(installation.register(&invite, "juliet", PASSWORD), Ok(()));
}

fn a_reserved_name_is_taken(version: Version) {
    let installation = Installation::new(version);
    installation.bound("juliet");
    let invite = installation.mint(&json!({}));
    assert_eq!(installation.register(&invite, "juliet", PASSWORD), Err(RegistrarError::UsernameTaken));
    assert!(!installation.can_log_in("juliet", PASSWORD));
    installation.assert_unused(&invite);
}

fn the_name_of_an_existing_account_is_taken(version: Version) {
    let installation = Installation::new(version);
    installation.test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = installation.mint(&json!({}));
    assert_eq!(installation.register(&invite, "romeo", "stolen"), Err(RegistrarError::UsernameTaken));
    assert!(installation.can_log_in("romeo", PASSWORD));
    installation.assert_unused(&invite);
    assert_eq!(installation.register(&invite, "juliet", PASSWORD), Ok(()));
}

fn an_invalid_token_is_refused(version: Version) {
    let installation = Installation::new(version);
    let used = installation.mint(&json!({}));
    assert_eq!(installation.register(&used, "juliet", PASSWORD), Ok(()));
    installation.test_server.becomes(&used, "used");
    let revoked = installation.mint(&json!({}));
    let (status, _) = installation.test_server.api("DELETE", &format!("/v1/invites/{}", revoked.id), None);
    assert_eq!(status, 204);
    let expired = installation.mint(&json!({ "expires_in": "1s" }));
    eventually("it expires", SOON, || installation.test_server.show(&expired)["state"] == "expired");
    let mut unknown = installation.mint(&json!({}));
    unknown.token = unknown.token.chars().rev().collect();
    for invite in [used, revoked, expired, unknown] {
        assert_eq!(installation.register(&invite, "romeo", PASSWORD), Err(RegistrarError::TokenRefused));
    }
    assert!(!installation.can_log_in("romeo", PASSWORD));
}

fn a_reset_creates_no_account(version: Version) {
    let installation = Installation::new(version);
    let invite = installation.mint(&json!({ "kind": "password-reset", "username": "ghost" }));
    let text = "There is no such account.".to_owned();
    assert_eq!(
        installation.register(&invite, "ghost", PASSWORD),
        Err(RegistrarError::UsernameNotAllowed(text))
    );
    assert!(!installation.can_log_in("ghost", PASSWORD));
}

fn the_rules_of_the_server_apply(version: Version) {
    let certificate = Certificate::new(HOST, false).unwrap();
    let directory = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/modules"));
    let installation = Installation::with(version, &certificate, |builder| {
        builder.plugin_path(directory).module("test_rules")
    });
    let invite = installation.mint(&json!({}));
    let outcome = installation.register(&invite, "juliet", "short");
    let text = "The password must have ten characters.".to_owned();
    assert_eq!(outcome, Err(RegistrarError::PasswordNotAllowed(text)));
    let outcome = installation.register(&invite, "root", "long enough");
    assert_eq!(outcome, Err(RegistrarError::UsernameNotAllowed("That username is not for you.".to_owned())));
    let outcome = installation.register(&invite, "hurry", "long enough");
    assert_eq!(outcome, Err(RegistrarError::Unavailable("Not so fast.".to_owned())));
    installation.assert_unused(&invite);
    assert_eq!(installation.register(&invite, "juliet", "long enough"), Ok(()));
}

fn a_required_field_is_named(version: Version) {
    let certificate = Certificate::new(HOST, false).unwrap();
    let installation = Installation::with(version, &certificate, |builder| {
        builder.config("additional_registration_fields = { \"email+\", \"nick\" }")
    });
    installation.test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let account = installation.mint(&json!({}));
    let reset = installation.mint(&json!({ "kind": "password-reset", "username": "romeo" }));
    for (invite, username) in [(&account, "juliet"), (&reset, "romeo")] {
        let outcome = installation.register(invite, username, "another");
        assert_eq!(outcome, Err(RegistrarError::RequiresField("email".to_owned())));
        installation.assert_unused(invite);
    }
}

fn registrations_fail_while_vestibule_is_unreachable(version: Version) {
    let mut installation = Installation::new(version);
    let invite = installation.mint(&json!({}));
    installation.test_server.vestibule.kill();
    let outcome = installation.register(&invite, "juliet", PASSWORD);
    let text = "Invites cannot be checked right now. Please try again later.".to_owned();
    assert_eq!(outcome, Err(RegistrarError::Unavailable(text)));
    assert!(!installation.can_log_in("juliet", PASSWORD));
}
