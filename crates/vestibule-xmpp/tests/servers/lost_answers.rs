//! A connection breaks when the request that decides is under way.

use serde_json::json;
use vestibule_core::RegistrarError;
use vestibule_e2e::Version;
use vestibule_xmpp::{Encryption, TrustAnchors};

use crate::{
    house::{House, way},
    relay::{Lost, relay},
    scene::{Invite, PASSWORD},
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
    house: &House,
    lost: Lost,
    invite: &Invite,
    username: &str,
    password: &str,
) -> Result<(), RegistrarError> {
    let address = relay(house.scene.prosody.c2s_addr(), lost);
    let route = way(address, Encryption::None, TrustAnchors::system_roots());
    house.register_along(route, invite, username, password)
}

fn an_account_that_was_made_is_found(version: Version) {
    let house = House::open(version);
    let invite = house.mint(&json!({}));
    assert_eq!(register(&house, Lost::Answer, &invite, "juliet", PASSWORD), Ok(()));
    assert!(house.scene.can_log_in("juliet", PASSWORD));
    house.scene.becomes(&invite, "used");
    house.scene.redeemed_by(&invite);
}

fn one_that_was_not_is_made(version: Version) {
    let house = House::open(version);
    let invite = house.mint(&json!({}));
    assert_eq!(register(&house, Lost::Request, &invite, "juliet", PASSWORD), Ok(()));
    assert!(house.scene.can_log_in("juliet", PASSWORD));
    house.scene.becomes(&invite, "used");
}

fn a_shared_token_is_used_once(version: Version) {
    let house = House::open(version);
    let invite = house.mint(&json!({ "max_uses": 5 }));
    assert_eq!(register(&house, Lost::Answer, &invite, "juliet", PASSWORD), Ok(()));
    assert!(house.scene.can_log_in("juliet", PASSWORD));
    assert_eq!(house.scene.redeemed_by(&invite).0, "juliet@localhost");
    assert_eq!(house.scene.look_at(&invite)["uses"], 1);
}

fn a_name_of_somebody_else_is_taken(version: Version) {
    let house = House::open(version);
    house.scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = house.mint(&json!({}));
    for lost in [Lost::Answer, Lost::Request] {
        let outcome = register(&house, lost, &invite, "romeo", "stolen");
        assert_eq!(outcome, Err(RegistrarError::UsernameTaken), "{lost:?}");
    }
    assert!(house.scene.can_log_in("romeo", PASSWORD));
    house.is_untouched(&invite);
}

fn a_reset_is_found(version: Version) {
    let house = House::open(version);
    house.scene.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = house.mint(&json!({ "kind": "password-reset", "username": "romeo" }));
    assert_eq!(register(&house, Lost::Answer, &invite, "romeo", "new"), Ok(()));
    assert!(house.scene.can_log_in("romeo", "new"));
    house.scene.becomes(&invite, "used");
}
