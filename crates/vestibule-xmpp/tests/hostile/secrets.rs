//! Secrets are neither logged nor quoted.

use std::{
    io,
    sync::{Arc, Mutex},
};

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::{Encryption, Route, TrustAnchors};

use crate::{
    certificates::SelfSigned,
    dns::Dns,
    fixture::{
        HOST, LOGIN, PASSWORD, TOKEN, error, login_answered, register, register_answered, registrar_for,
        registration, registration_of, stream_opened, unencrypted, until_register, with,
    },
    server::{
        Server,
        Step::{AcceptTls, Expect, Send},
    },
};

#[tokio::test]
async fn secrets_in_answers_are_redacted() {
    let password = "Tr0ub4dor&amp;3 &lt;&quot;&apos;&gt;";
    for (text, id) in [(password, "vestibule-2"), (TOKEN, "vestibule-2"), (TOKEN, "vestibule-1")] {
        let answer = error(id, "cancel", "not-allowed", &format!("You sent {text}!"));
        let script = match id {
            "vestibule-1" => {
                with(stream_opened(""), [Expect("</iq>"), Send(answer), Expect("</stream:stream>")])
            }
            _ => register_answered(answer),
        };
        let (outcome, _) = register(vec![script]).await;
        let shown = format!("{outcome:?} {}", outcome.as_ref().unwrap_err());
        assert!(!shown.contains(TOKEN) && !shown.contains(PASSWORD) && !shown.contains("Tr0ub"), "{shown}");
        assert!(shown.contains("You sent …!"), "{shown}");
    }
}

#[tokio::test]
async fn a_short_password_is_not_redacted_in_answers() {
    for (password, reason) in [("password", "The … is too short."), ("is", "The password is too short.")] {
        let answer = error("vestibule-2", "modify", "not-acceptable", "The password is too short.");
        let server = Server::start(vec![register_answered(answer)]).await;
        let outcome =
            registrar_for(unencrypted(server.address)).register(&registration_of("juliet", password)).await;
        assert_eq!(outcome, Err(RegistrarError::PasswordNotAllowed(reason.to_owned())));
    }
}

/// The log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let certificate = SelfSigned::of(HOST, false);
    let scripts = [until_register(), until_register(), login_answered("failure", "<not-authorized/>")];
    let encrypted = scripts.map(|inside| [vec![AcceptTls(certificate.server())], inside].concat());
    let server = Server::start(encrypted.to_vec()).await;
    let dns =
        Dns::with("_xmpps-client._tcp.a.example", vec![(5, 0, server.address.port(), "localhost.")]).await;
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let registrar = registrar_for(Route::new(None, Encryption::Direct, trust).unwrap())
        .with_name_servers(vec![dns.address]);
    let outcome = registrar.register(&registration()).await;
    drop(guard);
    let received = server.received().await;
    assert!(received[0].contains(TOKEN) && received[2].contains(LOGIN), "{received:?}");
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains(&outcome.unwrap_err().to_string()), "{logged}");
    for secret in [TOKEN, PASSWORD, "Tr0ub4dor", LOGIN] {
        assert!(!logged.contains(secret), "{logged}");
    }
}

#[tokio::test]
async fn secrets_in_malformed_streams_are_not_quoted() {
    for text in [
        format!("<{TOKEN}></b>"),
        format!("<iq id='{TOKEN}' id='{TOKEN}'/>"),
        format!("&{TOKEN};"),
        format!("<stream:error><{TOKEN} xmlns='x'/></stream:error>"),
    ] {
        let script = with(stream_opened(""), [Expect("</iq>"), Send(text)]);
        let (outcome, _) = register(vec![script]).await;
        let shown = format!("{outcome:?} {}", outcome.as_ref().unwrap_err());
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}
