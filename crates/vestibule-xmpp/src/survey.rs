//! A first look at a server. Nothing is registered, and nobody logs in.

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

/// A random number in decimal digits is no shorter than this, but for one in ten thousand.
const SHORTEST_EJABBERD_ID: usize = 16;

/// What a server shows somebody who has not logged in.
#[derive(Clone, Debug)]
pub struct Survey {
    /// What it offers.
    pub features: Features,
    /// It is ejabberd, by how it names its streams.
    pub is_ejabberd: bool,
    /// What it answered to the token, where one was shown.
    pub token: Option<TokenAnswer>,
    /// The fields that it requires of somebody who registers, besides username and password.
    pub required_fields: Vec<String>,
}

/// What a server answers to a token (XEP-0445 section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenAnswer {
    /// It takes it.
    Accepted,
    /// It does not know it, or it is over.
    Refused,
    /// It cannot tell now.
    Later,
    /// It takes no tokens.
    NotOffered,
    /// It takes none on a stream without encryption.
    NeedsEncryption,
    /// Something else, in its words.
    Other(String),
}

/// What a server at `address` (`name:port`) offers a client that has not logged in: encrypted where it offers that,
/// whatever its certificate.
pub async fn features_at(address: &str, host: &Host, limits: &Limits) -> Result<Features, StreamError> {
    survey_at(address, host, None, limits).await.map(|survey| survey.features)
}

/// The same, with what it answers to `token` and which fields it requires. The token is shown to whatever answers
/// there, so it must not be one that lets somebody in.
pub async fn survey_at(
    address: &str,
    host: &Host,
    token: Option<&PreauthToken>,
    limits: &Limits,
) -> Result<Survey, StreamError> {
    let route = Route::for_survey(address).ok_or_else(|| StreamError::NoAddress(address.to_owned()))?;
    survey_route(&route, host, token, &Resolver::default(), limits).await
}

/// The same at the end of a route, encrypted as that demands.
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
        let answer = match token {
            Some(token) => Some(show(&mut stream, host, token, &features).await),
            None => None,
        };
        // A server that does not answer that requires nothing.
        let required_fields = match &answer {
            Some(_) => fields::required(&mut stream).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let is_ejabberd = is_ejabberd(stream.id());
        stream.end().await;
        Ok(Survey { features, is_ejabberd, token: answer, required_fields })
    };
    timeout(limits.total, looking).await.unwrap_or(Err(StreamError::Silent))
}

async fn show(stream: &mut Stream, host: &Host, token: &PreauthToken, features: &Features) -> TokenAnswer {
    if features.need_tls() {
        return TokenAnswer::NeedsEncryption;
    }
    let Some(stanza) = preauth(host, token) else { return TokenAnswer::Refused };
    let asking = async {
        stream.send(&stanza).await?;
        stream.reply(PREAUTH_ID).await
    };
    match asking.await {
        Ok(Reply::Done) => TokenAnswer::Accepted,
        Ok(Reply::Refused(error)) => meaning(&error, features.encrypted),
        // Servers end a stream on which a stanza comes that they do not know.
        Err(StreamError::Stream(_) | StreamError::Closed) => TokenAnswer::NotOffered,
        Err(error) => TokenAnswer::Other(error.to_string()),
    }
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
    fn ejabberd_is_known_by_its_streams() {
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
