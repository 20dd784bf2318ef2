//! Logging in, to see whether an account has a certain password.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule_core::Application;
use zeroize::Zeroizing;

use crate::{
    limits::Limits, names::Names, ns, request::joined, route::Route, stream::Stream, trouble::Trouble,
};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    /// The account is there and has this password.
    Fits,
    /// There is no such account, or it has another password.
    FitsNot,
    /// The server does not say.
    Untold,
}

/// Tries name and password (SASL PLAIN, RFC 4616), and goes.
///
/// The route sees to it that the stream is encrypted or does not leave this machine. A server that does not offer
/// PLAIN on such a stream is not asked; it has the same password from the registration, so nothing would be hidden
/// from it by another mechanism.
pub(crate) async fn try_login(
    route: &Route,
    application: &Application,
    names: &Names,
    limits: &Limits,
) -> Result<Login, Trouble> {
    let (mut stream, features) = Stream::begin(route, &application.host, names, limits).await?;
    if !features.plain_login() {
        stream.end().await;
        return Ok(Login::Untold);
    }
    stream.send(&auth(application)).await?;
    let answer = stream.wait_for(|stanza| stanza.ns == ns::SASL).await?;
    stream.end().await;
    Ok(match answer.name.as_str() {
        "success" => Login::Fits,
        "failure" if answer.child("not-authorized", ns::SASL).is_some() => Login::FitsNot,
        _ => Login::Untold,
    })
}

fn auth(application: &Application) -> Zeroizing<String> {
    let plain = joined(&["\0", application.username.as_str(), "\0", application.password.expose()]);
    let encoded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
    joined(&["<auth xmlns='", ns::SASL, "' mechanism='PLAIN'>", &encoded, "</auth>"])
}
