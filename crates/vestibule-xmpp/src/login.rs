//! Login, to verify the password of an account.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule_core::{Password, PasswordCheck, Username};
use zeroize::Zeroizing;

use crate::{
    exchange_span, features::Features, ns, request::joined, servers::Servers, stream::Stream,
    stream_error::StreamError,
};

/// Logs in with SASL PLAIN (RFC 4616) and closes the stream.
///
/// The route guarantees that the stream is encrypted or local. Other mechanisms would hide nothing: the server has
/// received the same password in the registration. If PLAIN is not offered, no login is attempted.
pub(crate) async fn try_login(
    servers: &mut Servers<'_>,
    username: &Username,
    password: &Password,
) -> Result<PasswordCheck, StreamError> {
    let (mut stream, features) = servers.open().await?;
    let outcome = authenticate(&mut stream, &features, username, password).await?;
    stream.end().await;
    Ok(outcome)
}

/// Authenticates with SASL PLAIN. After a success the stream must be restarted.
pub(crate) async fn authenticate(
    stream: &mut Stream,
    features: &Features,
    username: &Username,
    password: &Password,
) -> Result<PasswordCheck, StreamError> {
    if !features.plain_login() {
        return Ok(PasswordCheck::Undetermined);
    }
    let authenticating = async {
        stream.send(&auth(username, password)).await?;
        stream.wait_for(|stanza| stanza.ns == ns::SASL).await
    };
    let answer = exchange_span::within(exchange_span::step("XMPP login"), authenticating).await?;
    Ok(match answer.name.as_str() {
        "success" => PasswordCheck::Accepted,
        "failure" if answer.child("not-authorized", ns::SASL).is_some() => PasswordCheck::Rejected,
        _ => PasswordCheck::Undetermined,
    })
}

fn auth(username: &Username, password: &Password) -> Zeroizing<String> {
    let plain = joined(&["\0", username.as_str(), "\0", password.expose()]);
    let encoded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
    joined(&["<auth xmlns='", ns::SASL, "' mechanism='PLAIN'>", &encoded, "</auth>"])
}
