//! A registration request, and common parts of scripts.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use vestibule_core::{Host, Password, Registrar, RegistrarError, RegistrationRequest, Token, Username};
use vestibule_xmpp::{Encryption, InBand, Limits, Route, TrustAnchors};

use crate::server::{
    Server,
    Step::{self, Expect, Send},
};

pub(crate) const HOST: &str = "a.example";
pub(crate) const TOKEN: &str = "0Vbkf8JHN18MhGd020L7jvxKvBDi";
pub(crate) const PASSWORD: &str = "Tr0ub4dor&3 <\"'>";

/// The SASL PLAIN message of juliet.
pub(crate) const LOGIN: &str = "AGp1bGlldABUcjB1YjRkb3ImMyA8Iic+";

/// Limits for a busy machine.
pub(crate) const LONG_LIMITS: Limits = Limits {
    look_up: Duration::from_secs(10),
    connect: Duration::from_secs(10),
    attempt: Duration::from_secs(10),
    reach: Duration::from_secs(10),
    answer: Duration::from_secs(10),
    total: Duration::from_secs(15),
};

/// Limits for silent servers: long enough for the preceding steps.
pub(crate) const SHORT_LIMITS: Limits = Limits { answer: Duration::from_secs(1), ..LONG_LIMITS };

pub(crate) fn host() -> Host {
    Host::parse(HOST).unwrap()
}

pub(crate) fn registration() -> RegistrationRequest {
    registration_of("juliet", PASSWORD)
}

pub(crate) fn registration_of(username: &str, password: &str) -> RegistrationRequest {
    RegistrationRequest {
        host: host(),
        token: (&Token::parse(TOKEN).unwrap()).into(),
        username: Username::parse(username).unwrap(),
        password: Password::parse(password).unwrap(),
    }
}

/// A registrar with a route to the host.
pub(crate) fn registrar_for(route: Route) -> InBand {
    InBand::new(HashMap::from([(host(), route)])).with_limits(LONG_LIMITS)
}

/// A route without encryption.
pub(crate) fn unencrypted(address: SocketAddr) -> Route {
    Route::new(Some(&address.to_string()), Encryption::None, TrustAnchors::system_roots()).unwrap()
}

/// Registers on a server with these scripts, without encryption. Returns the outcome and the received text.
pub(crate) async fn register(scripts: Vec<Vec<Step>>) -> (Result<(), RegistrarError>, Vec<String>) {
    register_within(LONG_LIMITS, scripts).await
}

pub(crate) async fn register_within(
    limits: Limits,
    scripts: Vec<Vec<Step>>,
) -> (Result<(), RegistrarError>, Vec<String>) {
    let server = Server::start(scripts).await;
    let registrar = registrar_for(unencrypted(server.address)).with_limits(limits);
    let outcome = registrar.register(&registration()).await;
    (outcome, server.received().await)
}

/// Stream header and features.
pub(crate) fn stream_header(features: &str) -> String {
    format!("{}<stream:features>{features}</stream:features>", head())
}

pub(crate) fn head() -> &'static str {
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' \
     from='a.example' id='x' version='1.0'>"
}

/// The steps up to the features.
pub(crate) fn stream_opened(features: &str) -> Vec<Step> {
    vec![Expect("<stream:stream"), Expect(">"), Send(stream_header(features))]
}

/// The steps up to the answer to the token, which is accepted.
pub(crate) fn preauth_accepted() -> Vec<Step> {
    with(stream_opened(""), [Expect("</iq>"), Send(result("vestibule-1"))])
}

/// The steps up to the registration request.
pub(crate) fn until_register() -> Vec<Step> {
    with(preauth_accepted(), [Expect("</iq>")])
}

/// A complete registration with this answer.
pub(crate) fn register_answered(answer: String) -> Vec<Step> {
    with(until_register(), [Send(answer), Expect("</stream:stream>")])
}

/// A complete login with this answer and its content.
pub(crate) fn login_answered(answer: &str, inside: &str) -> Vec<Step> {
    let answer = format!("<{answer} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{inside}</{answer}>");
    with(stream_opened(PLAIN), [Expect("</auth>"), Send(answer), Expect("</stream:stream>")])
}

pub(crate) const PLAIN: &str =
    "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";

pub(crate) fn with<const N: usize>(mut steps: Vec<Step>, more: [Step; N]) -> Vec<Step> {
    steps.extend(more);
    steps
}

pub(crate) fn result(id: &str) -> String {
    format!("<iq type='result' id='{id}'/>")
}

pub(crate) fn error(id: &str, kind: &str, condition: &str, text: &str) -> String {
    const NS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
    format!(
        "<iq type='error' id='{id}'><error type='{kind}'><{condition} xmlns='{NS}'/><text xmlns='{NS}'>{text}</text>\
         </error></iq>"
    )
}
