//! Encryption, and whom it is believed.

use std::net::SocketAddr;

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::{Encryption, Route, TrustAnchors};

use crate::{
    certificates::Made,
    fixture::{
        HASTY, HOST, PLAIN, along, answered, asked, error, logged_in, opened, opening, registration, result,
        with,
    },
    server::{
        Server,
        Step::{self, Encrypt, Hear, Hold, Say},
    },
};

const START_TLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
const PROCEED: &str = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

/// Up to the server's side of the handshake.
fn proceeding() -> Vec<Step> {
    with(opened(START_TLS), [Hear("<starttls"), Hear("/>"), Say(PROCEED.to_owned())])
}

/// What comes before a script inside of TLS.
fn secured(certificate: &Made, inside: Vec<Step>) -> Vec<Step> {
    let mut script = with(proceeding(), [Encrypt(certificate.server())]);
    script.extend(inside);
    script
}

fn registered() -> Vec<Step> {
    answered(result("vestibule-2"))
}

fn route(address: SocketAddr, encryption: Encryption, trust: TrustAnchors) -> Route {
    Route::new(Some(&address.to_string()), encryption, trust).unwrap()
}

fn believing(certificate: &Made) -> TrustAnchors {
    TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap()
}

fn pinning(certificate: &Made) -> TrustAnchors {
    TrustAnchors::pinned(&certificate.fingerprint()).unwrap()
}

async fn register(
    encryption: Encryption,
    trust: TrustAnchors,
    scripts: Vec<Vec<Step>>,
) -> (Result<(), RegistrarError>, Vec<String>) {
    let server = Server::start(scripts).await;
    let outcome = along(route(server.address, encryption, trust)).register(&registration()).await;
    (outcome, server.heard().await)
}

/// What was wrong, where nothing secret was said.
async fn fails(encryption: Encryption, trust: TrustAnchors, script: Vec<Step>) -> String {
    let (outcome, heard) = register(encryption, trust, vec![script]).await;
    let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
    assert!(!heard[0].contains("<iq"), "{}", heard[0]);
    words
}

#[tokio::test]
async fn a_stream_is_encrypted_before_anything_is_said() {
    let certificate = Made::of(HOST, false);
    let (outcome, heard) =
        register(Encryption::StartTls, believing(&certificate), vec![secured(&certificate, registered())])
            .await;
    assert_eq!(outcome, Ok(()));
    let (before, inside) =
        heard[0].split_once("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").unwrap();
    assert!(!before.contains("<iq") && inside.starts_with("<?xml"), "{}", heard[0]);
}

#[tokio::test]
async fn direct_tls_says_what_is_spoken_inside() {
    let certificate = Made::of(HOST, false);
    let script = |server| [vec![Encrypt(server)], registered()].concat();
    let good = script(certificate.server_for(b"xmpp-client"));
    assert_eq!(register(Encryption::Direct, believing(&certificate), vec![good]).await.0, Ok(()));
    let web = script(certificate.server_for(b"http/1.1"));
    let words = fails(Encryption::Direct, believing(&certificate), web).await;
    assert!(words.starts_with("no trusted encryption: "), "{words}");
}

/// Encryption is asked for and not to be had, and nothing secret was said.
async fn no_encryption(trust: TrustAnchors, script: Vec<Step>) {
    let (outcome, heard) = register(Encryption::StartTls, trust, vec![script]).await;
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    assert!(!heard[0].contains("<iq"), "{}", heard[0]);
}

#[tokio::test]
async fn without_the_offer_nothing_is_said() {
    let trust = || believing(&Made::of(HOST, false));
    for features in ["", PLAIN, "<starttls xmlns='urn:x'/>"] {
        no_encryption(trust(), with(opened(features), [Hold])).await;
    }
    let failure = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>";
    let script = with(opened(START_TLS), [Hear("<starttls"), Say(failure.to_owned())]);
    no_encryption(trust(), script).await;
}

#[tokio::test]
async fn what_was_put_before_encryption_is_noticed() {
    let certificate = Made::of(HOST, false);
    for injected in [opening("").as_str(), "<iq type='result' id='vestibule-1'/>", " ", "\n"] {
        let script = with(
            opened(START_TLS),
            [Hear("<starttls"), Hear("/>"), Say(format!("{PROCEED}{injected}")), Hold],
        );
        let words = fails(Encryption::StartTls, believing(&certificate), script).await;
        assert_eq!(words, "unencrypted data was injected before encryption began");
    }
    // In a piece of its own it comes into the handshake, and spoils it.
    let script = with(proceeding(), [Say(opening("")), Hold]);
    let words = fails(Encryption::StartTls, believing(&certificate), script).await;
    assert!(words.contains("no trusted encryption") || words.contains("before encryption began"), "{words}");
}

#[tokio::test]
async fn a_stranger_is_not_believed() {
    let certificate = Made::of(HOST, false);
    let elsewhere = Made::of("b.example", false);
    for (trust, shown, why) in [
        (believing(&elsewhere), &elsewhere, "not valid for name"),
        (believing(&elsewhere), &certificate, "UnknownIssuer"),
        (TrustAnchors::system_roots(), &certificate, ""),
        (pinning(&elsewhere), &certificate, "not the pinned one"),
    ] {
        for encryption in [Encryption::StartTls, Encryption::Direct] {
            let script = match encryption {
                Encryption::Direct => vec![Encrypt(shown.server())],
                _ => secured(shown, vec![]),
            };
            let words = fails(encryption, trust.clone(), script).await;
            assert!(words.starts_with("no trusted encryption: ") && words.contains(why), "{why}: {words}");
        }
    }
}

#[tokio::test]
async fn a_pinned_certificate_may_say_what_it_wants() {
    for certificate in [Made::of(HOST, false), Made::of(HOST, true), Made::of("b.example", true)] {
        let script = secured(&certificate, registered());
        assert_eq!(register(Encryption::StartTls, pinning(&certificate), vec![script]).await.0, Ok(()));
        let old = [with(proceeding(), [Encrypt(certificate.old_server())]), registered()].concat();
        assert_eq!(register(Encryption::StartTls, pinning(&certificate), vec![old]).await.0, Ok(()));
    }
}

#[tokio::test]
async fn an_authority_is_no_server() {
    let certificate = Made::of(HOST, true);
    let words = fails(Encryption::StartTls, believing(&certificate), secured(&certificate, vec![])).await;
    assert!(words.contains("(CA:TRUE), so it can only be pinned"), "{words}");
}

#[tokio::test]
async fn a_handshake_is_not_waited_for() {
    for (encryption, script) in [
        (Encryption::StartTls, with(proceeding(), [Hold])),
        (Encryption::StartTls, with(opened(START_TLS), [Hear("<starttls"), Hold])),
        (Encryption::Direct, vec![Hold]),
    ] {
        let server = Server::start(vec![script]).await;
        let registrar =
            along(route(server.address, encryption, TrustAnchors::system_roots())).with_limits(HASTY);
        let outcome = registrar.register(&registration()).await;
        assert_eq!(outcome, Err(RegistrarError::Unavailable("the server did not answer in time".to_owned())));
        server.heard().await;
    }
    for script in [proceeding(), with(proceeding(), [Say("HTTP/1.1 400\r\n\r\n".to_owned()), Hold])] {
        let words = fails(Encryption::StartTls, TrustAnchors::system_roots(), script).await;
        assert!(
            words.starts_with("no trusted encryption: ") || words.contains("before encryption began"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn finding_out_is_encrypted_too() {
    let certificate = Made::of(HOST, false);
    let conflict = answered(error("vestibule-2", "cancel", "conflict", ""));
    let scripts = vec![
        secured(&certificate, asked()),
        secured(&certificate, conflict),
        secured(&certificate, logged_in("success", "")),
    ];
    let (outcome, heard) = register(Encryption::StartTls, believing(&certificate), scripts).await;
    assert_eq!(outcome, Ok(()));
    assert!(heard.iter().all(|heard| heard.contains("<starttls")));
}
