//! Inspection of a server, without registration and login.

use tokio::time::timeout;
use vestibule_core::{Host, PreauthToken};

use crate::{
    features::Features,
    fields,
    limits::Limits,
    reply::{Reply, StanzaError},
    request::{PREAUTH_ID, preauth},
    resolver::Resolver,
    route::Route,
    servers::Servers,
    stream::Stream,
    stream_error::StreamError,
};

/// Minimum length of a random 64-bit number in decimal, in all but one of ten thousand cases.
const SHORTEST_EJABBERD_ID: usize = 16;

/// The properties of a server that are visible before login.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Offered features.
    pub features: Features,
    /// Whether it is ejabberd, recognized by its stream ids.
    pub is_ejabberd: bool,
    /// The answer to the token, if one was presented.
    pub token: Option<TokenAnswer>,
    /// The reason in the answer, if the server has Vestibule's bridge: a word such as `unreachable`.
    pub bridge: Option<String>,
    /// Required registration fields besides username and password.
    pub required_fields: Vec<String>,
}

/// The answer of a server to a token (XEP-0445 section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenAnswer {
    /// Accepted.
    Accepted,
    /// Unknown or no longer valid.
    Refused,
    /// Try again later.
    Later,
    /// Tokens are not supported.
    NotOffered,
    /// Encryption is required first.
    NeedsEncryption,
    /// Another answer, as text.
    Other(String),
}

/// The features of the server at `address` (`name:port`), encrypted if offered, with any certificate.
pub async fn features_at(address: &str, host: &Host, limits: &Limits) -> Result<Features, StreamError> {
    survey_at(address, host, None, limits).await.map(|survey| survey.features)
}

/// Surveys a server, including its answer to `token` and its required fields. The server is not authenticated, so the
/// token must not be redeemable.
pub async fn survey_at(
    address: &str,
    host: &Host,
    token: Option<&PreauthToken>,
    limits: &Limits,
) -> Result<Survey, StreamError> {
    let route = Route::for_survey(address).ok_or_else(|| StreamError::NoAddress(address.to_owned()))?;
    survey_route(&route, host, token, &Resolver::default(), limits).await
}

/// Surveys the server of a route, encrypted as the route requires.
pub(crate) async fn survey_route(
    route: &Route,
    host: &Host,
    token: Option<&PreauthToken>,
    resolver: &Resolver,
    limits: &Limits,
) -> Result<Survey, StreamError> {
    let looking = async {
        let mut servers = Servers::find(route, host, resolver, limits).await?;
        let (mut stream, features) = servers.open().await?;
        let (answer, bridge) = match token {
            Some(token) => {
                let (answer, bridge) = show(&mut stream, host, token, &features).await;
                (Some(answer), bridge)
            }
            None => (None, None),
        };
        // A server that does not answer this requires no fields.
        let required_fields = match &answer {
            Some(_) => fields::required(&mut stream).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let is_ejabberd = is_ejabberd(stream.id());
        stream.end().await;
        Ok(Survey { features, is_ejabberd, token: answer, bridge, required_fields })
    };
    timeout(limits.total, looking).await.unwrap_or(Err(StreamError::Silent))
}

/// Presents the token. Returns the answer, and the reason of Vestibule's bridge.
async fn show(
    stream: &mut Stream,
    host: &Host,
    token: &PreauthToken,
    features: &Features,
) -> (TokenAnswer, Option<String>) {
    if features.need_tls() {
        return (TokenAnswer::NeedsEncryption, None);
    }
    let Some(stanza) = preauth(host, token) else { return (TokenAnswer::Refused, None) };
    let asking = async {
        stream.send(&stanza).await?;
        stream.reply(PREAUTH_ID).await
    };
    let answer = match asking.await {
        Ok(Reply::Done) => TokenAnswer::Accepted,
        Ok(Reply::Refused(error)) => return (meaning(&error, features.encrypted), error.bridge),
        // Servers close a stream on an unknown stanza.
        Err(StreamError::Stream(_) | StreamError::Closed) => TokenAnswer::NotOffered,
        Err(error) => TokenAnswer::Other(error.to_string()),
    };
    (answer, None)
}

fn meaning(error: &StanzaError, encrypted: bool) -> TokenAnswer {
    match (error.kind.as_str(), error.condition.as_str()) {
        ("wait", _) | (_, "internal-server-error" | "resource-constraint") => TokenAnswer::Later,
        (_, "forbidden" | "item-not-found" | "gone") => TokenAnswer::Refused,
        (_, "service-unavailable" | "feature-not-implemented") => TokenAnswer::NotOffered,
        (_, "policy-violation") if !encrypted => TokenAnswer::NeedsEncryption,
        (_, condition) if error.text.is_empty() => TokenAnswer::Other(crate::sanitize::sanitize(condition)),
        _ => TokenAnswer::Other(error.text.clone()),
    }
}

/// ejabberd names its streams by random numbers, Prosody by UUIDs.
fn is_ejabberd(stream_id: &str) -> bool {
    stream_id.len() >= SHORTEST_EJABBERD_ID && stream_id.bytes().all(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ejabberd_is_recognized_by_its_stream_ids() {
        for (id, expected) in [
            ("11170184590868083463", true),
            ("2264518902745162", true),
            ("4b3ea6f5-5f0b-4f37-8c79-3b1a4f6d2c11", false),
            ("123", false),
            ("", false),
        ] {
            assert_eq!(is_ejabberd(id), expected, "{id}");
        }
    }
}
