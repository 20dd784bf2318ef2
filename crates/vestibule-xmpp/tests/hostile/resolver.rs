//! Where DNS says that a server is.

use std::{collections::HashMap, time::Duration};

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::{Encryption, InBand, Limits, Route, TrustAnchors};

use crate::{
    certificates::Made,
    dns::Dns,
    fixture::{HOST, PATIENT, answered, asked, head, host, opened, registration, result, with},
    server::{
        Server,
        Step::{self, Encrypt, Hear, Hold, Say},
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
fn asking(dns: &Dns, encryption: Encryption, trust: TrustAnchors) -> InBand {
    let route = Route::new(None, encryption, trust).unwrap();
    InBand::new(HashMap::from([(host(), route)])).with_limits(PATIENT).with_name_servers(vec![dns.address])
}

async fn finds(service: &'static str, encryption: Encryption) {
    let certificate = Made::of(HOST, false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let server = Server::start(vec![script(&certificate, encryption)]).await;
    // The target is another name than the domain, and not what the certificate is for.
    let dns = Dns::with(service, vec![(5, 0, server.address.port(), "localhost.")]).await;
    assert_eq!(asking(&dns, encryption, trust).register(&registration()).await, Ok(()));
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
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let server = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    let dns = Dns::with(SERVICE, vec![(5, 0, server.address.port(), "localhost.")]).await;
    let outcome = asking(&dns, Encryption::StartTls, trust).register(&registration()).await;
    let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
    assert!(words.contains("not valid for name"), "{words}");
    server.heard().await;
}

#[tokio::test]
async fn servers_are_tried_in_order() {
    let certificate = Made::of(HOST, false);
    let trust = || TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let good = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    let second = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    // Nobody listens at the first, and the third is not needed at first.
    let records = vec![
        (30, 0, second.address.port(), "localhost."),
        (20, 9, good.address.port(), "localhost."),
        (10, 0, 1, "localhost."),
    ];
    let dns = Dns::with(SERVICE, records).await;
    assert_eq!(asking(&dns, Encryption::StartTls, trust()).register(&registration()).await, Ok(()));
    good.heard().await;
    assert_eq!(asking(&dns, Encryption::StartTls, trust()).register(&registration()).await, Ok(()));
    second.heard().await;
}

#[tokio::test]
async fn a_domain_may_say_that_it_has_no_such_service() {
    let dns = Dns::with(SERVICE, vec![(0, 0, 0, ".")]).await;
    let outcome =
        asking(&dns, Encryption::StartTls, TrustAnchors::system_roots()).register(&registration()).await;
    let words = "the domain declares in DNS that it does not offer this service";
    assert_eq!(outcome, Err(RegistrarError::Unavailable(words.to_owned())));
}

#[tokio::test]
async fn a_host_that_is_not_configured_is_looked_up() {
    let server = Server::start(vec![with(opened(""), [Hear("</stream:stream>")])]).await;
    let dns = Dns::with(SERVICE, vec![(5, 0, server.address.port(), "localhost.")]).await;
    let registrar = InBand::new(HashMap::new()).with_limits(PATIENT).with_name_servers(vec![dns.address]);
    let outcome = registrar.register(&registration()).await;
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    server.heard().await;
}

/// What a server may do instead of answering; each leads to the next server.
fn useless() -> Vec<(&'static str, Vec<Step>, &'static str)> {
    let ended = |condition: &str| {
        let error = format!(
            "<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
        );
        vec![Hear(">"), Say(format!("{}{error}", head()))]
    };
    vec![
        ("hangs up", vec![], "closed the connection"),
        ("hangs up when asked", vec![Hear(">")], "closed the connection"),
        ("is silent", vec![Hold], "did not answer in time"),
        ("is silent after its head", vec![Hear(">"), Say(head().to_owned()), Hold], "did not answer in time"),
        ("offers no encryption", with(opened(""), [Hold]), "offers no encryption"),
        (
            "refuses encryption",
            with(
                opened(START_TLS),
                [
                    Hear("<starttls"),
                    Say("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".to_owned()),
                    Hold,
                ],
            ),
            "refused encryption",
        ),
        ("shuts down", ended("system-shutdown"), "system-shutdown"),
        ("sends elsewhere", ended("see-other-host"), "see-other-host"),
        ("does not know the host", ended("host-unknown"), "host-unknown"),
        ("speaks another language", vec![Say("SSH-2.0-x\r\n".to_owned()), Hold], "no XMPP"),
        (
            "has another's certificate",
            with(
                opened(START_TLS),
                [
                    Hear("<starttls"),
                    Hear("/>"),
                    Say(PROCEED.to_owned()),
                    Encrypt(Made::of("b.example", false).server()),
                ],
            ),
            "no trusted encryption",
        ),
    ]
}

/// A registrar that does not wait long for one server while there are others.
fn brisk(dns: &Dns, trust: TrustAnchors) -> InBand {
    let limits = Limits { attempt: Duration::from_millis(500), answer: Duration::from_secs(5), ..PATIENT };
    asking(dns, Encryption::StartTls, trust).with_limits(limits)
}

#[tokio::test]
async fn a_server_that_will_not_do_leads_to_the_next() {
    let certificate = Made::of(HOST, false);
    let trust = || TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    for (what, script_of_first, _) in useless() {
        let first = Server::start(vec![script_of_first]).await;
        let second = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
        let records =
            vec![(0, 0, first.address.port(), "localhost."), (10, 0, second.address.port(), "localhost.")];
        let dns = Dns::with(SERVICE, records).await;
        assert_eq!(brisk(&dns, trust()).register(&registration()).await, Ok(()), "{what}");
        let heard = first.heard().await;
        assert!(!heard[0].contains("<iq"), "{what}: {}", heard[0]);
        second.heard().await;
    }
}

#[tokio::test]
async fn every_address_of_a_name_is_tried() {
    let certificate = Made::of(HOST, false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let first = Server::start_at("127.0.0.2:0".parse().unwrap(), vec![vec![]]).await;
    let port = first.address.port();
    let second = format!("127.0.0.3:{port}").parse().unwrap();
    let second = Server::start_at(second, vec![script(&certificate, Encryption::StartTls)]).await;
    // Nobody listens at the last.
    let addresses = vec![[127, 0, 0, 2], [127, 0, 0, 3], [127, 0, 0, 4]];
    let services = vec![(SERVICE, vec![(5, 0, port, "xmpp.a.example.")])];
    let dns = Dns::of(services, vec![("xmpp.a.example", addresses)]).await;
    assert_eq!(brisk(&dns, trust).register(&registration()).await, Ok(()));
    first.heard().await;
    second.heard().await;
}

#[tokio::test]
async fn an_error_names_each_server_and_why_it_will_not_do() {
    let certificate = Made::of(HOST, false);
    let trust = || TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let (mut servers, mut records, mut expected) = (vec![], vec![], vec![]);
    for (priority, (_, script, why)) in (0..).zip(useless().into_iter().take(5)) {
        let server = Server::start(vec![script]).await;
        records.push((priority, 0, server.address.port(), "xmpp.a.example."));
        expected.push((server.address.port(), why));
        servers.push(server);
    }
    records.push((9, 0, 1, "gone.a.example."));
    let hosts = vec![("xmpp.a.example", vec![[127, 0, 0, 1]]), ("gone.a.example", vec![])];
    let dns = Dns::of(vec![(SERVICE, records)], hosts).await;
    let outcome = brisk(&dns, trust()).register(&registration()).await;
    let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
    for (port, why) in expected {
        let begin = format!("xmpp.a.example:{port} (127.0.0.1): ");
        let said = words.split("; ").find(|part| part.contains(&begin));
        assert!(said.is_some_and(|said| said.contains(why)), "{port} {why}: {words}");
    }
    assert!(words.contains("gone.a.example:1: no address"), "{words}");
    for server in servers {
        server.heard().await;
    }
}

#[tokio::test]
async fn a_server_that_goes_before_it_answers_to_the_token_leads_to_the_next() {
    let certificate = Made::of(HOST, false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let inside = |steps: Vec<Step>| {
        let before = with(opened(START_TLS), [Hear("<starttls"), Hear("/>"), Say(PROCEED.to_owned())]);
        [before, vec![Encrypt(certificate.server())], steps].concat()
    };
    let first = Server::start(vec![inside(with(opened(""), [Hear("</iq>")]))]).await;
    let second = Server::start(vec![inside(answered(result("vestibule-2")))]).await;
    let records =
        vec![(0, 0, first.address.port(), "localhost."), (10, 0, second.address.port(), "localhost.")];
    let dns = Dns::with(SERVICE, records).await;
    assert_eq!(brisk(&dns, trust).register(&registration()).await, Ok(()));
    first.heard().await;
    second.heard().await;
}

#[tokio::test]
async fn after_the_request_that_decides_no_other_server_is_asked() {
    let certificate = Made::of(HOST, false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let inside = |steps: Vec<Step>| {
        let before = with(opened(START_TLS), [Hear("<starttls"), Hear("/>"), Say(PROCEED.to_owned())]);
        [before, vec![Encrypt(certificate.server())], steps].concat()
    };
    // It hangs up after the request, and is asked again what became of it, although it is the second.
    let useless = Server::start(vec![vec![]]).await;
    let good = Server::start(vec![inside(asked()), inside(answered(result("vestibule-2")))]).await;
    let records = vec![
        (0, 0, useless.address.port(), "localhost."),
        (10, 0, good.address.port(), "localhost."),
        (20, 0, 1, "localhost."),
    ];
    let dns = Dns::with(SERVICE, records).await;
    assert_eq!(brisk(&dns, trust).register(&registration()).await, Ok(()));
    useless.heard().await;
    assert_eq!(good.heard().await.len(), 2);
}

#[tokio::test]
async fn direct_tls_is_found_beside_starttls() {
    let certificate = Made::of(HOST, false);
    let trust = || TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let direct = Server::start(vec![script(&certificate, Encryption::Direct)]).await;
    let at = |priority, server: &Server| vec![(priority, 0, server.address.port(), "localhost.")];
    // Alone; where STARTTLS is said not to be offered; and where it is offered, but comes later.
    let dns = Dns::with(DIRECT, at(5, &direct)).await;
    assert_eq!(brisk(&dns, trust()).register(&registration()).await, Ok(()));
    direct.heard().await;
    let direct = Server::start(vec![script(&certificate, Encryption::Direct)]).await;
    let dns = Dns::of(vec![(SERVICE, vec![(0, 0, 0, ".")]), (DIRECT, at(5, &direct))], vec![]).await;
    assert_eq!(brisk(&dns, trust()).register(&registration()).await, Ok(()));
    direct.heard().await;
    for (direct_first, priorities) in [(true, (1, 2)), (false, (2, 1))] {
        let (of_direct, of_plain) = if direct_first {
            (vec![script(&certificate, Encryption::Direct)], vec![])
        } else {
            (vec![], vec![script(&certificate, Encryption::StartTls)])
        };
        let (direct, plain) = (Server::start(of_direct).await, Server::start(of_plain).await);
        let services = vec![(DIRECT, at(priorities.0, &direct)), (SERVICE, at(priorities.1, &plain))];
        let dns = Dns::of(services, vec![]).await;
        assert_eq!(brisk(&dns, trust()).register(&registration()).await, Ok(()), "{direct_first}");
        direct.heard().await;
        plain.heard().await;
    }
    // One that fails leads to the other kind.
    let plain = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    let useless = Server::start(vec![vec![Say("HTTP/1.1 400\r\n\r\n".to_owned())]]).await;
    let dns = Dns::of(vec![(DIRECT, at(0, &useless)), (SERVICE, at(1, &plain))], vec![]).await;
    assert_eq!(brisk(&dns, trust()).register(&registration()).await, Ok(()));
    useless.heard().await;
    plain.heard().await;
}

#[tokio::test]
async fn a_domain_may_offer_neither_way() {
    let nothing = || vec![(0, 0, 0, ".")];
    let dns = Dns::of(vec![(SERVICE, nothing()), (DIRECT, nothing())], vec![]).await;
    let outcome =
        asking(&dns, Encryption::StartTls, TrustAnchors::system_roots()).register(&registration()).await;
    let words = "the domain declares in DNS that it does not offer this service";
    assert_eq!(outcome, Err(RegistrarError::Unavailable(words.to_owned())));
}

#[tokio::test]
async fn looking_for_a_server_is_bounded() {
    let silent = [Server::start(vec![vec![Hold]]).await, Server::start(vec![vec![Hold]]).await];
    let records =
        (0..).zip(&silent).map(|(at, server)| (at, 0, server.address.port(), "localhost.")).collect();
    let dns = Dns::with(SERVICE, records).await;
    let limits = Limits { attempt: Duration::from_millis(300), reach: Duration::from_millis(900), ..PATIENT };
    let registrar = asking(&dns, Encryption::StartTls, TrustAnchors::system_roots()).with_limits(limits);
    let began = tokio::time::Instant::now();
    let outcome = registrar.register(&registration()).await;
    let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(words.matches("did not answer in time").count(), 2, "{words}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    for server in silent {
        server.heard().await;
    }
}
