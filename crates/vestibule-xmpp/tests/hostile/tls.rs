//! Encryption and trust.

use std::net::SocketAddr;

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::{Encryption, Route, TrustAnchors};

use crate::{
    certificates::SelfSigned,
    fixture::{
        HOST, PLAIN, SHORT_LIMITS, error, login_answered, register_answered, registrar_for, registration,
        result, stream_header, stream_opened, until_register, with,
    },
    server::{
        Server,
        Step::{self, AcceptTls, Expect, Send, WaitForClose},
    },
};

const START_TLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
const PROCEED: &str = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

/// The steps up to the TLS handshake.
fn proceeding() -> Vec<Step> {
    with(stream_opened(START_TLS), [Expect("<starttls"), Expect("/>"), Send(PROCEED.to_owned())])
}

/// A script inside TLS.
fn secured(certificate: &SelfSigned, inside: Vec<Step>) -> Vec<Step> {
    let mut script = with(proceeding(), [AcceptTls(certificate.server())]);
    script.extend(inside);
    script
}

fn registered() -> Vec<Step> {
    register_answered(result("vestibule-2"))
}

fn route(address: SocketAddr, encryption: Encryption, trust: TrustAnchors) -> Route {
    Route::new(Some(&address.to_string()), encryption, trust).unwrap()
}

fn trusting(certificate: &SelfSigned) -> TrustAnchors {
    TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap()
}

fn pinning(certificate: &SelfSigned) -> TrustAnchors {
    TrustAnchors::pinned(&certificate.fingerprint()).unwrap()
}

async fn register(
    encryption: Encryption,
    trust: TrustAnchors,
    scripts: Vec<Vec<Step>>,
) -> (Result<(), RegistrarError>, Vec<String>) {
    let server = Server::start(scripts).await;
    let outcome = registrar_for(route(server.address, encryption, trust)).register(&registration()).await;
    (outcome, server.received().await)
}

/// Asserts that the registration fails before a secret is sent, and returns the reason.
async fn fails(encryption: Encryption, trust: TrustAnchors, script: Vec<Step>) -> String {
    let (outcome, received) = register(encryption, trust, vec![script]).await;
    let Err(RegistrarError::Unavailable(reason)) = outcome else { panic!("{outcome:?}") };
    assert!(!received[0].contains("<iq"), "{}", received[0]);
    reason
}

#[tokio::test]
async fn a_stream_is_encrypted_before_secrets_are_sent() {
    let certificate = SelfSigned::of(HOST, false);
    let (outcome, received) =
        register(Encryption::StartTls, trusting(&certificate), vec![secured(&certificate, registered())])
            .await;
    assert_eq!(outcome, Ok(()));
    let (before, inside) =
        received[0].split_once("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").unwrap();
    assert!(!before.contains("<iq") && inside.starts_with("<?xml"), "{}", received[0]);
}

#[tokio::test]
async fn direct_tls_requires_the_alpn_protocol() {
    let certificate = SelfSigned::of(HOST, false);
    let script = |server| [vec![AcceptTls(server)], registered()].concat();
    let good = script(certificate.server_for(b"xmpp-client"));
    assert_eq!(register(Encryption::Direct, trusting(&certificate), vec![good]).await.0, Ok(()));
    let web = script(certificate.server_for(b"http/1.1"));
    let reason = fails(Encryption::Direct, trusting(&certificate), web).await;
    assert!(reason.starts_with("no trusted encryption: "), "{reason}");
}

/// Asserts that the registration fails without encryption, before a secret is sent.
async fn no_encryption(trust: TrustAnchors, script: Vec<Step>) {
    let (outcome, received) = register(Encryption::StartTls, trust, vec![script]).await;
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    assert!(!received[0].contains("<iq"), "{}", received[0]);
}

#[tokio::test]
async fn without_starttls_no_secret_is_sent() {
    let trust = || trusting(&SelfSigned::of(HOST, false));
    for features in ["", PLAIN, "<starttls xmlns='urn:x'/>"] {
        no_encryption(trust(), with(stream_opened(features), [WaitForClose])).await;
    }
    let failure = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>";
    let script = with(stream_opened(START_TLS), [Expect("<starttls"), Send(failure.to_owned())]);
    no_encryption(trust(), script).await;
}

#[tokio::test]
async fn injected_data_before_encryption_is_detected() {
    let certificate = SelfSigned::of(HOST, false);
    for injected in [stream_header("").as_str(), "<iq type='result' id='vestibule-1'/>", " ", "\n"] {
        let script = with(
            stream_opened(START_TLS),
            [Expect("<starttls"), Expect("/>"), Send(format!("{PROCEED}{injected}")), WaitForClose],
        );
        let reason = fails(Encryption::StartTls, trusting(&certificate), script).await;
        assert_eq!(reason, "unencrypted data was injected before encryption began");
    }
    // In a separate segment, it breaks the handshake.
    let script = with(proceeding(), [Send(stream_header("")), WaitForClose]);
    let reason = fails(Encryption::StartTls, trusting(&certificate), script).await;
    assert!(
        reason.contains("no trusted encryption") || reason.contains("before encryption began"),
        "{reason}"
    );
}

#[tokio::test]
async fn an_untrusted_certificate_is_rejected() {
    let certificate = SelfSigned::of(HOST, false);
    let elsewhere = SelfSigned::of("b.example", false);
    for (trust, shown, why) in [
        (trusting(&elsewhere), &elsewhere, "not valid for name"),
        (trusting(&elsewhere), &certificate, "UnknownIssuer"),
        (TrustAnchors::system_roots(), &certificate, ""),
        (pinning(&elsewhere), &certificate, "not the pinned one"),
    ] {
        for encryption in [Encryption::StartTls, Encryption::Direct] {
            let script = match encryption {
                Encryption::Direct => vec![AcceptTls(shown.server())],
                _ => secured(shown, vec![]),
            };
            let reason = fails(encryption, trust.clone(), script).await;
            assert!(reason.starts_with("no trusted encryption: ") && reason.contains(why), "{why}: {reason}");
        }
    }
}

#[tokio::test]
async fn the_contents_of_a_pinned_certificate_do_not_matter() {
    for certificate in
        [SelfSigned::of(HOST, false), SelfSigned::of(HOST, true), SelfSigned::of("b.example", true)]
    {
        let script = secured(&certificate, registered());
        assert_eq!(register(Encryption::StartTls, pinning(&certificate), vec![script]).await.0, Ok(()));
        let old = [with(proceeding(), [AcceptTls(certificate.old_server())]), registered()].concat();
        assert_eq!(register(Encryption::StartTls, pinning(&certificate), vec![old]).await.0, Ok(()));
    }
}

#[tokio::test]
async fn the_certificate_of_an_authority_is_rejected() {
    let certificate = SelfSigned::of(HOST, true);
    let reason = fails(Encryption::StartTls, trusting(&certificate), secured(&certificate, vec![])).await;
    assert!(reason.contains("(CA:TRUE), so it can only be pinned"), "{reason}");
}

#[tokio::test]
async fn a_handshake_times_out() {
    for (encryption, script) in [
        (Encryption::StartTls, with(proceeding(), [WaitForClose])),
        (Encryption::StartTls, with(stream_opened(START_TLS), [Expect("<starttls"), WaitForClose])),
        (Encryption::Direct, vec![WaitForClose]),
    ] {
        let server = Server::start(vec![script]).await;
        let registrar = registrar_for(route(server.address, encryption, TrustAnchors::system_roots()))
            .with_limits(SHORT_LIMITS);
        let outcome = registrar.register(&registration()).await;
        assert_eq!(outcome, Err(RegistrarError::Unavailable("the server did not answer in time".to_owned())));
        server.received().await;
    }
    for script in [proceeding(), with(proceeding(), [Send("HTTP/1.1 400\r\n\r\n".to_owned()), WaitForClose])]
    {
        let reason = fails(Encryption::StartTls, TrustAnchors::system_roots(), script).await;
        assert!(
            reason.starts_with("no trusted encryption: ") || reason.contains("before encryption began"),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn the_recovery_of_a_lost_answer_is_encrypted() {
    let certificate = SelfSigned::of(HOST, false);
    let conflict = register_answered(error("vestibule-2", "cancel", "conflict", ""));
    let scripts = vec![
        secured(&certificate, until_register()),
        secured(&certificate, conflict),
        secured(&certificate, login_answered("success", "")),
    ];
    let (outcome, received) = register(Encryption::StartTls, trusting(&certificate), scripts).await;
    assert_eq!(outcome, Ok(()));
    assert!(received.iter().all(|received| received.contains("<starttls")));
}
