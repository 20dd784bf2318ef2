//! Connections that break during the registration request.

use serde_json::json;
use vestibule_core::RegistrarError;
use vestibule_e2e::Version;
use vestibule_xmpp::{Encryption, TrustAnchors};

use crate::{
    installation::{Installation, route_to},
    relay::{Lost, relay},
    test_server::{Invite, PASSWORD},
    versions::on_both_versions,
};

on_both_versions!(
    a_created_account_is_detected,
    a_lost_request_is_repeated,
    a_shared_token_is_used_once,
    the_name_of_another_account_is_taken,
    a_completed_reset_is_detected,
);

fn register(
    installation: &Installation,
    lost: Lost,
    invite: &Invite,
    username: &str,
    password: &str,
) -> Result<(), RegistrarError> {
    let address = relay(installation.test_server.prosody.c2s_addr(), lost);
    let route = route_to(address, Encryption::None, TrustAnchors::system_roots());
    installation.register_on(route, invite, username, password)
}

fn a_created_account_is_detected(version: Version) {
    let installation = Installation::open(version);
    let invite = installation.mint(&json!({}));
    assert_eq!(register(&installation, Lost::Answer, &invite, "juliet", PASSWORD), Ok(()));
    assert!(installation.test_server.can_log_in("juliet", PASSWORD));
    installation.test_server.becomes(&invite, "used");
    installation.test_server.redeemed_by(&invite);
}

fn a_lost_request_is_repeated(version: Version) {
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
    assert_eq!(installation.test_server.show(&invite)["uses"], 1);
}

fn the_name_of_another_account_is_taken(version: Version) {
    let installation = Installation::open(version);
    installation.test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = installation.mint(&json!({}));
    for lost in [Lost::Answer, Lost::Request] {
        let outcome = register(&installation, lost, &invite, "romeo", "stolen");
        assert_eq!(outcome, Err(RegistrarError::UsernameTaken), "{lost:?}");
    }
    assert!(installation.test_server.can_log_in("romeo", PASSWORD));
    installation.assert_unused(&invite);
}

fn a_completed_reset_is_detected(version: Version) {
    let installation = Installation::open(version);
    installation.test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = installation.mint(&json!({ "kind": "password-reset", "username": "romeo" }));
    assert_eq!(register(&installation, Lost::Answer, &invite, "romeo", "new"), Ok(()));
    assert!(installation.test_server.can_log_in("romeo", "new"));
    installation.test_server.becomes(&invite, "used");
}
