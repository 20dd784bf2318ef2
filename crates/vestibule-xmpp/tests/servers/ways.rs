//! Which ways lead to a server, and which do not.

use serde_json::json;
use vestibule_core::RegistrarError;
use vestibule_e2e::{Certificate, Version};
use vestibule_xmpp::{Encryption, TrustAnchors};

use crate::{
    common::HOST,
    house::{House, way},
    scene::PASSWORD,
    versions::on_both_versions,
};

on_both_versions!(
    direct_tls_leads_there,
    a_pinned_authority_is_believed,
    a_stranger_is_not,
    without_encryption_it_is_refused,
    on_one_machine_it_needs_no_encryption,
);

fn direct_tls_leads_there(version: Version) {
    let house = House::new(version);
    let invite = house.mint(&json!({}));
    let trust = TrustAnchors::authorities(house.certificate.pem.as_bytes()).unwrap();
    let route = way(house.scene.prosody.direct_addr().unwrap(), Encryption::Direct, trust);
    assert_eq!(house.register_along(route, &invite, "juliet", PASSWORD), Ok(()));
    assert!(house.can_log_in("juliet", PASSWORD));
}

fn a_pinned_authority_is_believed(version: Version) {
    // For another name, and it says that it is an authority: as Prosody's own tool makes them.
    let certificate = Certificate::new("other.example", true).unwrap();
    let house = House::with(version, &certificate, |builder| builder);
    let invite = house.mint(&json!({}));
    for (encryption, address) in [
        (Encryption::StartTls, house.scene.prosody.c2s_addr()),
        (Encryption::Direct, house.scene.prosody.direct_addr().unwrap()),
    ] {
        let other = Certificate::new("other.example", true).unwrap().fingerprint();
        let wrong = way(address, encryption, TrustAnchors::pinned(&other).unwrap());
        let outcome = house.register_along(wrong, &invite, "juliet", PASSWORD);
        let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
        let seen = certificate.fingerprint().replace(':', "").to_lowercase();
        assert!(words.contains("not the pinned one") && words.contains(&seen), "{words}");
    }
    let trust = TrustAnchors::pinned(&certificate.fingerprint()).unwrap();
    let route = way(house.scene.prosody.c2s_addr(), Encryption::StartTls, trust);
    assert_eq!(house.register_along(route, &invite, "juliet", PASSWORD), Ok(()));
    house.scene.becomes(&invite, "used");
}

fn a_stranger_is_not(version: Version) {
    let certificate = Certificate::new(HOST, true).unwrap();
    let house = House::with(version, &certificate, |builder| builder);
    let invite = house.mint(&json!({}));
    let itself = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    for (trust, why) in [(itself, "it can only be pinned"), (TrustAnchors::system_roots(), "")] {
        let route = way(house.scene.prosody.c2s_addr(), Encryption::StartTls, trust);
        let outcome = house.register_along(route, &invite, "juliet", PASSWORD);
        let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
        assert!(words.starts_with("no trusted encryption: ") && words.contains(why), "{words}");
    }
    house.is_untouched(&invite);
}

fn without_encryption_it_is_refused(version: Version) {
    let house = House::new(version);
    let invite = house.mint(&json!({}));
    let route = way(house.scene.prosody.c2s_addr(), Encryption::None, TrustAnchors::system_roots());
    let outcome = house.register_along(route, &invite, "juliet", PASSWORD);
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    house.is_untouched(&invite);
}

fn on_one_machine_it_needs_no_encryption(version: Version) {
    let house = House::open(version);
    let invite = house.mint(&json!({}));
    let trust = || TrustAnchors::system_roots();
    let encrypted = way(house.scene.prosody.c2s_addr(), Encryption::StartTls, trust());
    let outcome = house.register_along(encrypted, &invite, "juliet", PASSWORD);
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    let plain = way(house.scene.prosody.c2s_addr(), Encryption::None, trust());
    assert_eq!(house.register_along(plain, &invite, "juliet", PASSWORD), Ok(()));
    assert!(house.scene.can_log_in("juliet", PASSWORD));
}
