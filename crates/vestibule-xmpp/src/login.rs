//! Logging in, to see whether an account has a certain password.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule_core::{Password, PasswordVerdict, Username};
use zeroize::Zeroizing;

use crate::{ns, request::joined, servers::Servers, stream_error::StreamError};

/// Tries name and password (SASL PLAIN, RFC 4616), and goes.
///
/// The route sees to it that the stream is encrypted or does not leave this machine. A server that does not offer
/// PLAIN on such a stream is not asked; it has the same password from the registration, so nothing would be hidden
/// from it by another mechanism.
pub(crate) async fn try_login(
    servers: &mut Servers<'_>,
    username: &Username,
    password: &Password,
) -> Result<PasswordVerdict, StreamError> {
    let (mut stream, features) = servers.open().await?;
    if !features.plain_login() {
        stream.end().await;
        return Ok(PasswordVerdict::Undetermined);
    }
    stream.send(&auth(username, password)).await?;
    let answer = stream.wait_for(|stanza| stanza.ns == ns::SASL).await?;
    stream.end().await;
    Ok(match answer.name.as_str() {
        "success" => PasswordVerdict::Accepted,
        "failure" if answer.child("not-authorized", ns::SASL).is_some() => PasswordVerdict::Rejected,
        _ => PasswordVerdict::Undetermined,
    })
}

fn auth(username: &Username, password: &Password) -> Zeroizing<String> {
    let plain = joined(&["\0", username.as_str(), "\0", password.expose()]);
    let encoded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
    joined(&["<auth xmlns='", ns::SASL, "' mechanism='PLAIN'>", &encoded, "</auth>"])
}
