//! Somebody who wants in, and the usual parts of scripts.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use vestibule_core::{Host, Password, Registrar, RegistrarError, RegistrationRequest, Token, Username};
use vestibule_xmpp::{Encryption, InBand, Limits, Route, TrustAnchors};

use crate::server::{
    Server,
    Step::{self, Hear, Say},
};

pub(crate) const HOST: &str = "a.example";
pub(crate) const TOKEN: &str = "0Vbkf8JHN18MhGd020L7jvxKvBDi";
pub(crate) const PASSWORD: &str = "Tr0ub4dor&3 <\"'>";

/// juliet and her password, as SASL PLAIN writes them.
pub(crate) const LOGIN: &str = "AGp1bGlldABUcjB1YjRkb3ImMyA8Iic+";

/// Long enough for a busy machine.
pub(crate) const PATIENT: Limits = Limits {
    look_up: Duration::from_secs(10),
    connect: Duration::from_secs(10),
    attempt: Duration::from_secs(10),
    reach: Duration::from_secs(10),
    answer: Duration::from_secs(10),
    total: Duration::from_secs(15),
};

/// For servers that say nothing: long enough for what comes before.
pub(crate) const HASTY: Limits = Limits { answer: Duration::from_secs(1), ..PATIENT };

pub(crate) fn host() -> Host {
    Host::parse(HOST).unwrap()
}

pub(crate) fn registration() -> RegistrationRequest {
    application_of("juliet", PASSWORD)
}

pub(crate) fn application_of(username: &str, password: &str) -> RegistrationRequest {
    RegistrationRequest {
        host: host(),
        token: (&Token::parse(TOKEN).unwrap()).into(),
        username: Username::parse(username).unwrap(),
        password: Password::parse(password).unwrap(),
    }
}

/// A registrar that knows one way, to the host.
pub(crate) fn along(route: Route) -> InBand {
    InBand::new(HashMap::from([(host(), route)])).with_limits(PATIENT)
}

/// A route without encryption.
pub(crate) fn plain(address: SocketAddr) -> Route {
    Route::new(Some(&address.to_string()), Encryption::None, TrustAnchors::system_roots()).unwrap()
}

/// Registers with a server that follows the scripts, without encryption; also what the server heard.
pub(crate) async fn register(scripts: Vec<Vec<Step>>) -> (Result<(), RegistrarError>, Vec<String>) {
    register_within(PATIENT, scripts).await
}

pub(crate) async fn register_within(
    limits: Limits,
    scripts: Vec<Vec<Step>>,
) -> (Result<(), RegistrarError>, Vec<String>) {
    let server = Server::start(scripts).await;
    let registrar = along(plain(server.address)).with_limits(limits);
    let outcome = registrar.register(&registration()).await;
    (outcome, server.heard().await)
}

/// Head and features of a stream.
pub(crate) fn opening(features: &str) -> String {
    format!("{}<stream:features>{features}</stream:features>", head())
}

pub(crate) fn head() -> &'static str {
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' \
     from='a.example' id='x' version='1.0'>"
}

/// Up to the features.
pub(crate) fn opened(features: &str) -> Vec<Step> {
    vec![Hear("<stream:stream"), Hear(">"), Say(opening(features))]
}

/// Up to the answer to the token, which is good.
pub(crate) fn admitted() -> Vec<Step> {
    with(opened(""), [Hear("</iq>"), Say(result("vestibule-1"))])
}

/// Up to the request that decides.
pub(crate) fn asked() -> Vec<Step> {
    with(admitted(), [Hear("</iq>")])
}

/// A whole registration with this answer.
pub(crate) fn answered(answer: String) -> Vec<Step> {
    with(asked(), [Say(answer), Hear("</stream:stream>")])
}

/// A whole login with this answer, and what is in it.
pub(crate) fn logged_in(answer: &str, inside: &str) -> Vec<Step> {
    let answer = format!("<{answer} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{inside}</{answer}>");
    with(opened(PLAIN), [Hear("</auth>"), Say(answer), Hear("</stream:stream>")])
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
