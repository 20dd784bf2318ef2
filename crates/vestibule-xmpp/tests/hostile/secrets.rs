//! Nothing secret comes back out.

use std::{
    io,
    sync::{Arc, Mutex},
};

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::{Encryption, Route, TrustAnchors};

use crate::{
    certificates::Made,
    dns::Dns,
    fixture::{
        HOST, LOGIN, PASSWORD, TOKEN, along, answered, application_of, asked, error, logged_in, opened,
        plain, register, registration, with,
    },
    server::{
        Server,
        Step::{Encrypt, Hear, Say},
    },
};

#[tokio::test]
async fn a_server_that_repeats_a_secret_is_not_quoted() {
    let password = "Tr0ub4dor&amp;3 &lt;&quot;&apos;&gt;";
    for (text, id) in [(password, "vestibule-2"), (TOKEN, "vestibule-2"), (TOKEN, "vestibule-1")] {
        let answer = error(id, "cancel", "not-allowed", &format!("You sent {text}!"));
        let script = match id {
            "vestibule-1" => with(opened(""), [Hear("</iq>"), Say(answer), Hear("</stream:stream>")]),
            _ => answered(answer),
        };
        let (outcome, _) = register(vec![script]).await;
        let shown = format!("{outcome:?} {}", outcome.as_ref().unwrap_err());
        assert!(!shown.contains(TOKEN) && !shown.contains(PASSWORD) && !shown.contains("Tr0ub"), "{shown}");
        assert!(shown.contains("You sent …!"), "{shown}");
    }
}

#[tokio::test]
async fn a_common_word_for_a_password_spoils_no_answer() {
    for (password, words) in [("password", "The … is too short."), ("is", "The password is too short.")] {
        let answer = error("vestibule-2", "modify", "not-acceptable", "The password is too short.");
        let server = Server::start(vec![answered(answer)]).await;
        let outcome = along(plain(server.address)).register(&application_of("juliet", password)).await;
        assert_eq!(outcome, Err(RegistrarError::PasswordNotAllowed(words.to_owned())));
    }
}

/// Everything that is logged.
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
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let logging = tracing::subscriber::set_default(everything);
    let certificate = Made::of(HOST, false);
    let scripts = [asked(), asked(), logged_in("failure", "<not-authorized/>")];
    let encrypted = scripts.map(|inside| [vec![Encrypt(certificate.server())], inside].concat());
    let server = Server::start(encrypted.to_vec()).await;
    let dns =
        Dns::with("_xmpps-client._tcp.a.example", vec![(5, 0, server.address.port(), "localhost.")]).await;
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let registrar =
        along(Route::new(None, Encryption::Direct, trust).unwrap()).with_name_servers(vec![dns.address]);
    let outcome = registrar.register(&registration()).await;
    drop(logging);
    let heard = server.heard().await;
    assert!(heard[0].contains(TOKEN) && heard[2].contains(LOGIN), "{heard:?}");
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains(&outcome.unwrap_err().to_string()), "{logged}");
    for secret in [TOKEN, PASSWORD, "Tr0ub4dor", LOGIN] {
        assert!(!logged.contains(secret), "{logged}");
    }
}

#[tokio::test]
async fn a_stream_that_breaks_with_a_secret_is_not_quoted() {
    for text in [
        format!("<{TOKEN}></b>"),
        format!("<iq id='{TOKEN}' id='{TOKEN}'/>"),
        format!("&{TOKEN};"),
        format!("<stream:error><{TOKEN} xmlns='x'/></stream:error>"),
    ] {
        let script = with(opened(""), [Hear("</iq>"), Say(text)]);
        let (outcome, _) = register(vec![script]).await;
        let shown = format!("{outcome:?} {}", outcome.as_ref().unwrap_err());
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}
