//! Which ways lead to a server, and which do not.

use serde_json::json;
use vestibule_core::RegistrarError;
use vestibule_e2e::{Certificate, Version};
use vestibule_xmpp::{Encryption, TrustAnchors};

use crate::{
    common::HOST,
    installation::{Installation, way},
    test_server::PASSWORD,
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
    let installation = Installation::new(version);
    let invite = installation.mint(&json!({}));
    let trust = TrustAnchors::authorities(installation.certificate.pem.as_bytes()).unwrap();
    let route = way(installation.test_server.prosody.direct_addr().unwrap(), Encryption::Direct, trust);
    assert_eq!(installation.register_along(route, &invite, "juliet", PASSWORD), Ok(()));
    assert!(installation.can_log_in("juliet", PASSWORD));
}

fn a_pinned_authority_is_believed(version: Version) {
    // For another name, and it says that it is an authority: as Prosody's own tool makes them.
    let certificate = Certificate::new("other.example", true).unwrap();
    let installation = Installation::with(version, &certificate, |builder| builder);
    let invite = installation.mint(&json!({}));
    for (encryption, address) in [
        (Encryption::StartTls, installation.test_server.prosody.c2s_addr()),
        (Encryption::Direct, installation.test_server.prosody.direct_addr().unwrap()),
    ] {
        let other = Certificate::new("other.example", true).unwrap().fingerprint();
        let wrong = way(address, encryption, TrustAnchors::pinned(&other).unwrap());
        let outcome = installation.register_along(wrong, &invite, "juliet", PASSWORD);
        let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
        let seen = certificate.fingerprint().replace(':', "").to_lowercase();
        assert!(words.contains("not the pinned one") && words.contains(&seen), "{words}");
    }
    let trust = TrustAnchors::pinned(&certificate.fingerprint()).unwrap();
    let route = way(installation.test_server.prosody.c2s_addr(), Encryption::StartTls, trust);
    assert_eq!(installation.register_along(route, &invite, "juliet", PASSWORD), Ok(()));
    installation.test_server.becomes(&invite, "used");
}

fn a_stranger_is_not(version: Version) {
    let certificate = Certificate::new(HOST, true).unwrap();
    let installation = Installation::with(version, &certificate, |builder| builder);
    let invite = installation.mint(&json!({}));
    let itself = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    for (trust, why) in [(itself, "it can only be pinned"), (TrustAnchors::system_roots(), "")] {
        let route = way(installation.test_server.prosody.c2s_addr(), Encryption::StartTls, trust);
        let outcome = installation.register_along(route, &invite, "juliet", PASSWORD);
        let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
        assert!(words.starts_with("no trusted encryption: ") && words.contains(why), "{words}");
    }
    installation.is_untouched(&invite);
}

fn without_encryption_it_is_refused(version: Version) {
    let installation = Installation::new(version);
    let invite = installation.mint(&json!({}));
    let route =
        way(installation.test_server.prosody.c2s_addr(), Encryption::None, TrustAnchors::system_roots());
    let outcome = installation.register_along(route, &invite, "juliet", PASSWORD);
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    installation.is_untouched(&invite);
}

fn on_one_machine_it_needs_no_encryption(version: Version) {
    let installation = Installation::open(version);
    let invite = installation.mint(&json!({}));
    let trust = || TrustAnchors::system_roots();
    let encrypted = way(installation.test_server.prosody.c2s_addr(), Encryption::StartTls, trust());
    let outcome = installation.register_along(encrypted, &invite, "juliet", PASSWORD);
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    let plain = way(installation.test_server.prosody.c2s_addr(), Encryption::None, trust());
    assert_eq!(installation.register_along(plain, &invite, "juliet", PASSWORD), Ok(()));
    assert!(installation.test_server.can_log_in("juliet", PASSWORD));
}
