//! Servers found by DNS.

use std::{collections::HashMap, time::Duration};

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::{Encryption, InBand, Limits, Route, TrustAnchors};

use crate::{
    certificates::SelfSigned,
    dns::Dns,
    fixture::{
        HOST, LONG_LIMITS, head, host, register_answered, registration, result, stream_opened,
        until_register, with,
    },
    server::{
        Server,
        Step::{self, AcceptTls, Expect, Send, WaitForClose},
    },
};

const START_TLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const PROCEED: &str = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const SERVICE: &str = "_xmpp-client._tcp.a.example";
const DIRECT: &str = "_xmpps-client._tcp.a.example";

fn script(certificate: &SelfSigned, encryption: Encryption) -> Vec<Step> {
    let mut script = match encryption {
        Encryption::Direct => vec![],
        _ => with(stream_opened(START_TLS), [Expect("<starttls"), Expect("/>"), Send(PROCEED.to_owned())]),
    };
    script.push(AcceptTls(certificate.server()));
    script.extend(register_answered(result("vestibule-2")));
    script
}

/// A registrar with this name server.
fn registrar_with_dns(dns: &Dns, encryption: Encryption, trust: TrustAnchors) -> InBand {
    let route = Route::new(None, encryption, trust).unwrap();
    InBand::new(HashMap::from([(host(), route)]))
        .with_limits(LONG_LIMITS)
        .with_name_servers(vec![dns.address])
}

async fn assert_found(service: &'static str, encryption: Encryption) {
    let certificate = SelfSigned::of(HOST, false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let server = Server::start(vec![script(&certificate, encryption)]).await;
    // The target differs from the domain, for which the certificate is.
    let dns = Dns::with(service, vec![(5, 0, server.address.port(), "localhost.")]).await;
    assert_eq!(registrar_with_dns(&dns, encryption, trust).register(&registration()).await, Ok(()));
    server.received().await;
}

#[tokio::test]
async fn a_server_is_found_by_its_records() {
    assert_found(SERVICE, Encryption::StartTls).await;
    assert_found(DIRECT, Encryption::Direct).await;
}

#[tokio::test]
async fn the_certificate_must_be_for_the_domain() {
    let certificate = SelfSigned::of("localhost", false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let server = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    let dns = Dns::with(SERVICE, vec![(5, 0, server.address.port(), "localhost.")]).await;
    let outcome = registrar_with_dns(&dns, Encryption::StartTls, trust).register(&registration()).await;
    let Err(RegistrarError::Unavailable(reason)) = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains("not valid for name"), "{reason}");
    server.received().await;
}

#[tokio::test]
async fn servers_are_tried_in_order() {
    let certificate = SelfSigned::of(HOST, false);
    let trust = || TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let good = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    let second = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    // The first refuses connections; the third is used by the second registration.
    let records = vec![
        (30, 0, second.address.port(), "localhost."),
        (20, 9, good.address.port(), "localhost."),
        (10, 0, 1, "localhost."),
    ];
    let dns = Dns::with(SERVICE, records).await;
    assert_eq!(
        registrar_with_dns(&dns, Encryption::StartTls, trust()).register(&registration()).await,
        Ok(())
    );
    good.received().await;
    assert_eq!(
        registrar_with_dns(&dns, Encryption::StartTls, trust()).register(&registration()).await,
        Ok(())
    );
    second.received().await;
}

#[tokio::test]
async fn a_domain_can_declare_that_it_has_no_service() {
    let dns = Dns::with(SERVICE, vec![(0, 0, 0, ".")]).await;
    let outcome = registrar_with_dns(&dns, Encryption::StartTls, TrustAnchors::system_roots())
        .register(&registration())
        .await;
    let reason = "the domain declares in DNS that it does not offer this service";
    assert_eq!(outcome, Err(RegistrarError::Unavailable(reason.to_owned())));
}

#[tokio::test]
async fn a_host_without_a_route_is_looked_up() {
    let server = Server::start(vec![with(stream_opened(""), [Expect("</stream:stream>")])]).await;
    let dns = Dns::with(SERVICE, vec![(5, 0, server.address.port(), "localhost.")]).await;
    let registrar = InBand::new(HashMap::new()).with_limits(LONG_LIMITS).with_name_servers(vec![dns.address]);
    let outcome = registrar.register(&registration()).await;
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    server.received().await;
}

/// Failures of a server that lead to the next server.
fn failing_scripts() -> Vec<(&'static str, Vec<Step>, &'static str)> {
    let ended = |condition: &str| {
        let error = format!(
            "<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
        );
        vec![Expect(">"), Send(format!("{}{error}", head()))]
    };
    vec![
        ("hangs up", vec![], "closed the connection"),
        ("hangs up after the header", vec![Expect(">")], "closed the connection"),
        ("is silent", vec![WaitForClose], "did not answer in time"),
        (
            "is silent after its head",
            vec![Expect(">"), Send(head().to_owned()), WaitForClose],
            "did not answer in time",
        ),
        ("offers no encryption", with(stream_opened(""), [WaitForClose]), "offers no encryption"),
        (
            "refuses encryption",
            with(
                stream_opened(START_TLS),
                [
                    Expect("<starttls"),
                    Send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".to_owned()),
                    WaitForClose,
                ],
            ),
            "refused encryption",
        ),
        ("shuts down", ended("system-shutdown"), "system-shutdown"),
        ("sends elsewhere", ended("see-other-host"), "see-other-host"),
        ("does not know the host", ended("host-unknown"), "host-unknown"),
        ("speaks another language", vec![Send("SSH-2.0-x\r\n".to_owned()), WaitForClose], "no XMPP"),
        (
            "has another's certificate",
            with(
                stream_opened(START_TLS),
                [
                    Expect("<starttls"),
                    Expect("/>"),
                    Send(PROCEED.to_owned()),
                    AcceptTls(SelfSigned::of("b.example", false).server()),
                ],
            ),
            "no trusted encryption",
        ),
    ]
}

/// A registrar with a short timeout for each server.
fn fast_registrar(dns: &Dns, trust: TrustAnchors) -> InBand {
    let limits =
        Limits { attempt: Duration::from_millis(500), answer: Duration::from_secs(5), ..LONG_LIMITS };
    registrar_with_dns(dns, Encryption::StartTls, trust).with_limits(limits)
}

#[tokio::test]
async fn a_failing_server_leads_to_the_next() {
    let certificate = SelfSigned::of(HOST, false);
    let trust = || TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    for (what, script_of_first, _) in failing_scripts() {
        let first = Server::start(vec![script_of_first]).await;
        let second = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
        let records =
            vec![(0, 0, first.address.port(), "localhost."), (10, 0, second.address.port(), "localhost.")];
        let dns = Dns::with(SERVICE, records).await;
        assert_eq!(fast_registrar(&dns, trust()).register(&registration()).await, Ok(()), "{what}");
        let received = first.received().await;
        assert!(!received[0].contains("<iq"), "{what}: {}", received[0]);
        second.received().await;
    }
}

#[tokio::test]
async fn every_address_of_a_name_is_tried() {
    let certificate = SelfSigned::of(HOST, false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let first = Server::start_at("127.0.0.2:0".parse().unwrap(), vec![vec![]]).await;
    let port = first.address.port();
    let second = format!("127.0.0.3:{port}").parse().unwrap();
    let second = Server::start_at(second, vec![script(&certificate, Encryption::StartTls)]).await;
    // The last address refuses connections.
    let addresses = vec![[127, 0, 0, 2], [127, 0, 0, 3], [127, 0, 0, 4]];
    let services = vec![(SERVICE, vec![(5, 0, port, "xmpp.a.example.")])];
    let dns = Dns::of(services, vec![("xmpp.a.example", addresses)]).await;
    assert_eq!(fast_registrar(&dns, trust).register(&registration()).await, Ok(()));
    first.received().await;
    second.received().await;
}

#[tokio::test]
async fn an_error_lists_each_server_and_its_failure() {
    let certificate = SelfSigned::of(HOST, false);
    let trust = || TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let (mut servers, mut records, mut expected) = (vec![], vec![], vec![]);
    for (priority, (_, script, why)) in (0..).zip(failing_scripts().into_iter().take(5)) {
        let server = Server::start(vec![script]).await;
        records.push((priority, 0, server.address.port(), "xmpp.a.example."));
        expected.push((server.address.port(), why));
        servers.push(server);
    }
    records.push((9, 0, 1, "gone.a.example."));
    let hosts = vec![("xmpp.a.example", vec![[127, 0, 0, 1]]), ("gone.a.example", vec![])];
    let dns = Dns::of(vec![(SERVICE, records)], hosts).await;
    let outcome = fast_registrar(&dns, trust()).register(&registration()).await;
    let Err(RegistrarError::Unavailable(reason)) = outcome else { panic!("{outcome:?}") };
    for (port, why) in expected {
        let begin = format!("xmpp.a.example:{port} (127.0.0.1): ");
        let part = reason.split("; ").find(|part| part.contains(&begin));
        assert!(part.is_some_and(|part| part.contains(why)), "{port} {why}: {reason}");
    }
    assert!(reason.contains("gone.a.example:1: no address"), "{reason}");
    for server in servers {
        server.received().await;
    }
}

#[tokio::test]
async fn a_disconnect_before_the_answer_to_the_token_leads_to_the_next_server() {
    let certificate = SelfSigned::of(HOST, false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let inside = |steps: Vec<Step>| {
        let before =
            with(stream_opened(START_TLS), [Expect("<starttls"), Expect("/>"), Send(PROCEED.to_owned())]);
        [before, vec![AcceptTls(certificate.server())], steps].concat()
    };
    let first = Server::start(vec![inside(with(stream_opened(""), [Expect("</iq>")]))]).await;
    let second = Server::start(vec![inside(register_answered(result("vestibule-2")))]).await;
    let records =
        vec![(0, 0, first.address.port(), "localhost."), (10, 0, second.address.port(), "localhost.")];
    let dns = Dns::with(SERVICE, records).await;
    assert_eq!(fast_registrar(&dns, trust).register(&registration()).await, Ok(()));
    first.received().await;
    second.received().await;
}

#[tokio::test]
async fn after_the_registration_request_no_other_server_is_tried() {
    let certificate = SelfSigned::of(HOST, false);
    let trust = TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let inside = |steps: Vec<Step>| {
        let before =
            with(stream_opened(START_TLS), [Expect("<starttls"), Expect("/>"), Send(PROCEED.to_owned())]);
        [before, vec![AcceptTls(certificate.server())], steps].concat()
    };
    // It hangs up after the request. The outcome is then determined on the same server, although it is the second.
    let failing_scripts = Server::start(vec![vec![]]).await;
    let good =
        Server::start(vec![inside(until_register()), inside(register_answered(result("vestibule-2")))]).await;
    let records = vec![
        (0, 0, failing_scripts.address.port(), "localhost."),
        (10, 0, good.address.port(), "localhost."),
        (20, 0, 1, "localhost."),
    ];
    let dns = Dns::with(SERVICE, records).await;
    assert_eq!(fast_registrar(&dns, trust).register(&registration()).await, Ok(()));
    failing_scripts.received().await;
    assert_eq!(good.received().await.len(), 2);
}

#[tokio::test]
async fn direct_tls_is_found_beside_starttls() {
    let certificate = SelfSigned::of(HOST, false);
    let trust = || TrustAnchors::authorities(certificate.pem.as_bytes()).unwrap();
    let direct = Server::start(vec![script(&certificate, Encryption::Direct)]).await;
    let at = |priority, server: &Server| vec![(priority, 0, server.address.port(), "localhost.")];
    // Alone, with STARTTLS declared as not offered, and with STARTTLS at a lower priority.
    let dns = Dns::with(DIRECT, at(5, &direct)).await;
    assert_eq!(fast_registrar(&dns, trust()).register(&registration()).await, Ok(()));
    direct.received().await;
    let direct = Server::start(vec![script(&certificate, Encryption::Direct)]).await;
    let dns = Dns::of(vec![(SERVICE, vec![(0, 0, 0, ".")]), (DIRECT, at(5, &direct))], vec![]).await;
    assert_eq!(fast_registrar(&dns, trust()).register(&registration()).await, Ok(()));
    direct.received().await;
    for (direct_first, priorities) in [(true, (1, 2)), (false, (2, 1))] {
        let (of_direct, of_plain) = if direct_first {
            (vec![script(&certificate, Encryption::Direct)], vec![])
        } else {
            (vec![], vec![script(&certificate, Encryption::StartTls)])
        };
        let (direct, unencrypted) = (Server::start(of_direct).await, Server::start(of_plain).await);
        let services = vec![(DIRECT, at(priorities.0, &direct)), (SERVICE, at(priorities.1, &unencrypted))];
        let dns = Dns::of(services, vec![]).await;
        assert_eq!(fast_registrar(&dns, trust()).register(&registration()).await, Ok(()), "{direct_first}");
        direct.received().await;
        unencrypted.received().await;
    }
    // A failure of one kind leads to the other kind.
    let unencrypted = Server::start(vec![script(&certificate, Encryption::StartTls)]).await;
    let failing_scripts = Server::start(vec![vec![Send("HTTP/1.1 400\r\n\r\n".to_owned())]]).await;
    let dns = Dns::of(vec![(DIRECT, at(0, &failing_scripts)), (SERVICE, at(1, &unencrypted))], vec![]).await;
    assert_eq!(fast_registrar(&dns, trust()).register(&registration()).await, Ok(()));
    failing_scripts.received().await;
    unencrypted.received().await;
}

#[tokio::test]
async fn a_domain_can_offer_neither_kind() {
    let nothing = || vec![(0, 0, 0, ".")];
    let dns = Dns::of(vec![(SERVICE, nothing()), (DIRECT, nothing())], vec![]).await;
    let outcome = registrar_with_dns(&dns, Encryption::StartTls, TrustAnchors::system_roots())
        .register(&registration())
        .await;
    let reason = "the domain declares in DNS that it does not offer this service";
    assert_eq!(outcome, Err(RegistrarError::Unavailable(reason.to_owned())));
}

#[tokio::test]
async fn the_search_for_a_server_is_bounded() {
    let silent =
        [Server::start(vec![vec![WaitForClose]]).await, Server::start(vec![vec![WaitForClose]]).await];
    let records =
        (0..).zip(&silent).map(|(at, server)| (at, 0, server.address.port(), "localhost.")).collect();
    let dns = Dns::with(SERVICE, records).await;
    let limits =
        Limits { attempt: Duration::from_millis(300), reach: Duration::from_millis(900), ..LONG_LIMITS };
    let registrar =
        registrar_with_dns(&dns, Encryption::StartTls, TrustAnchors::system_roots()).with_limits(limits);
    let began = tokio::time::Instant::now();
    let outcome = registrar.register(&registration()).await;
    let Err(RegistrarError::Unavailable(reason)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(reason.matches("did not answer in time").count(), 2, "{reason}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    for server in silent {
        server.received().await;
    }
}
