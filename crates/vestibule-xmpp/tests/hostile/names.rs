//! Where DNS says that a server is.

use std::collections::HashMap;

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::{Encryption, InBand, Route, Trust};

use crate::{
    certificates::Made,
    dns::Dns,
    scene::{HOST, PATIENT, answered, application, host, opened, result, with},
    server::{
        Server,
        Step::{self, Encrypt, Hear, Say},
    },
};

const START_TLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const PROCEED: &str = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const SERVICE: &str = "_xmpp-client._tcp.a.example";
const DIRECT: &str = "_xmpps-client._tcp.a.example";

fn script(certificate: &Made, encryption: Encryption) -> Vec<Step> {
    let mut script = match encryption {
        Encryption::Direct => vec![],
        _ => with(opened(START_TLS), [Hear("<starttls"), Hear("/>"), Say(PROCEED.to_owned())]),
    };
    script.push(Encrypt(certificate.server()));
    script.extend(answered(result("vestibule-2")));
    script
}

/// A registrar that asks this name server where the host is.
fn asking(dns: &Dns, encryption: Encryption, trust: Trust) -> InBand {
    let route = Route::new(None, encryption, trust).unwrap();
    InBand::new(HashMap::from([(host(), route)])).with_limits(PATIENT).with_name_servers(vec![dns.address])
}

async fn finds(service: &'static str, encryption: Encryption) {
    let certificate = Made::of(HOST, false);
    let trust = Trust::authorities(certificate.pem.as_bytes()).unwrap();
    let server = Server::start(vec![script(&certificate, encryption)]).await;
    // The target is another name than the domain, and not what the certificate is for.
    let dns = Dns::with(service, vec![(5, 0, server.address.port(), "localhost.")]).await;
    assert_eq!(asking(&dns, encryption, trust).register(&application()).await, Ok(()));
    server.heard().await;
}

#[tokio::test]
async fn a_server_is_found_by_its_records() {
    finds(SERVICE, Encryption::StartTls).await;
    finds(DIRECT, Encryption::Direct).await;
}

#[tokio::test]
async fn the_certificate_is_that_of_the_domain() {
    let certificate = Made::of("localhost", false);
    let trust = Trust::authorities(certificate.pem.as_bytes()).unwrap();
    let server = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    let dns = Dns::with(SERVICE, vec![(5, 0, server.address.port(), "localhost.")]).await;
    let outcome = asking(&dns, Encryption::StartTls, trust).register(&application()).await;
    let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
    assert!(words.contains("not valid for name"), "{words}");
    server.heard().await;
}

#[tokio::test]
async fn servers_are_tried_in_order() {
    let certificate = Made::of(HOST, false);
    let trust = || Trust::authorities(certificate.pem.as_bytes()).unwrap();
    let good = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    let second = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    // Nobody listens at the first, and the third is not needed at first.
    let records = vec![
        (30, 0, second.address.port(), "localhost."),
        (20, 9, good.address.port(), "localhost."),
        (10, 0, 1, "localhost."),
    ];
    let dns = Dns::with(SERVICE, records).await;
    assert_eq!(asking(&dns, Encryption::StartTls, trust()).register(&application()).await, Ok(()));
    good.heard().await;
    assert_eq!(asking(&dns, Encryption::StartTls, trust()).register(&application()).await, Ok(()));
    second.heard().await;
}

#[tokio::test]
async fn a_domain_may_say_that_it_has_no_such_service() {
    let dns = Dns::with(SERVICE, vec![(0, 0, 0, ".")]).await;
    let outcome = asking(&dns, Encryption::StartTls, Trust::machine()).register(&application()).await;
    let words = "the domain says in DNS that it lets no clients in this way";
    assert_eq!(outcome, Err(RegistrarError::Unavailable(words.to_owned())));
}

#[tokio::test]
async fn a_host_that_is_not_configured_is_looked_up() {
    let server = Server::start(vec![with(opened(""), [Hear("</stream:stream>")])]).await;
    let dns = Dns::with(SERVICE, vec![(5, 0, server.address.port(), "localhost.")]).await;
    let registrar = InBand::new(HashMap::new()).with_limits(PATIENT).with_name_servers(vec![dns.address]);
    let outcome = registrar.register(&application()).await;
    let words = "the server offers no encryption (STARTTLS)";
    assert_eq!(outcome, Err(RegistrarError::Unavailable(words.to_owned())));
}
