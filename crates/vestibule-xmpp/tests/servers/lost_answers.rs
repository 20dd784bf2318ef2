//! A connection breaks when the request that decides is under way.

use serde_json::json;
use vestibule_core::RegistrarError;
use vestibule_e2e::Version;
use vestibule_xmpp::{Encryption, TrustAnchors};

use crate::{
    installation::{Installation, way},
    relay::{Lost, relay},
    test_server::{Invite, PASSWORD},
    versions::on_both_versions,
};

on_both_versions!(
    an_account_that_was_made_is_found,
    one_that_was_not_is_made,
    a_shared_token_is_used_once,
    a_name_of_somebody_else_is_taken,
    a_reset_is_found,
);

fn register(
    installation: &Installation,
    lost: Lost,
    invite: &Invite,
    username: &str,
    password: &str,
) -> Result<(), RegistrarError> {
    let address = relay(installation.test_server.prosody.c2s_addr(), lost);
    let route = way(address, Encryption::None, TrustAnchors::system_roots());
    installation.register_along(route, invite, username, password)
}

fn an_account_that_was_made_is_found(version: Version) {
    let installation = Installation::open(version);
    let invite = installation.mint(&json!({}));
    assert_eq!(register(&installation, Lost::Answer, &invite, "juliet", PASSWORD), Ok(()));
    assert!(installation.test_server.can_log_in("juliet", PASSWORD));
    installation.test_server.becomes(&invite, "used");
    installation.test_server.redeemed_by(&invite);
}

fn one_that_was_not_is_made(version: Version) {
    let installation = Installation::open(version);
    let invite = installation.mint(&json!({}));
    assert_eq!(register(&installation, Lost::Request, &invite, "juliet", PASSWORD), Ok(()));
    assert!(installation.test_server.can_log_in("juliet", PASSWORD));
    installation.test_server.becomes(&invite, "used");
}

fn a_shared_token_is_used_once(version: Version) {
    let installation = Installation::open(version);
    let invite = installation.mint(&json!({ "max_uses": 5 }));
    assert_eq!(register(&installation, Lost::Answer, &invite, "juliet", PASSWORD), Ok(()));
    assert!(installation.test_server.can_log_in("juliet", PASSWORD));
    assert_eq!(installation.test_server.redeemed_by(&invite).0, "juliet@localhost");
    assert_eq!(installation.test_server.look_at(&invite)["uses"], 1);
}

fn a_name_of_somebody_else_is_taken(version: Version) {
    let installation = Installation::open(version);
    installation.test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = installation.mint(&json!({}));
    for lost in [Lost::Answer, Lost::Request] {
        let outcome = register(&installation, lost, &invite, "romeo", "stolen");
        assert_eq!(outcome, Err(RegistrarError::UsernameTaken), "{lost:?}");
    }
    assert!(installation.test_server.can_log_in("romeo", PASSWORD));
    installation.is_untouched(&invite);
}

fn a_reset_is_found(version: Version) {
    let installation = Installation::open(version);
    installation.test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = installation.mint(&json!({ "kind": "password-reset", "username": "romeo" }));
    assert_eq!(register(&installation, Lost::Answer, &invite, "romeo", "new"), Ok(()));
    assert!(installation.test_server.can_log_in("romeo", "new"));
    installation.test_server.becomes(&invite, "used");
}
