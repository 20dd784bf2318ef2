//! HTTP client for the service, and for its public URL.

use std::time::{Duration, UNIX_EPOCH};

use ureq::{
    Agent,
    http::HeaderMap,
    unversioned::{
        resolver::DefaultResolver,
        transport::{Connector, TcpConnector},
    },
};
use vestibule_core::{Clock, Timestamp};

use vestibule_xmpp::{TlsConnector, TrustAnchors};

use crate::system::SystemClock;

/// The same timeout as in the bridge.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Upper bound of an answer.
const MOST: u64 = 1 << 20;

/// Sends requests to one service only: no proxy, no redirects. Requests contain no secrets.
#[derive(Clone)]
pub(super) struct Client {
    base: String,
    agent: Agent,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) text: String,
    pub(super) headers: HeaderMap,
    /// The times of the service's clock and of the local one.
    pub(super) clocks: Option<(Timestamp, Timestamp)>,
}

impl Client {
    pub(super) fn new(base: String) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("vestibule-doctor/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(TIMEOUT))
            .build();
        let connector =
            ().chain(TcpConnector::default()).chain(TlsConnector::new(TrustAnchors::system_roots()));
        Self { base, agent: Agent::with_parts(config, connector, DefaultResolver::default()) }
    }

    /// The base URL.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Sends a `GET`. The error says why there was no answer.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, String> {
        self.get_with(path, None).await.map_err(|error| reason(&error))
    }

    /// Sends a `GET` with a header.
    pub(super) async fn get_with(
        &self,
        path: &str,
        header: Option<(&str, &str)>,
    ) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let asked = tokio::task::spawn_blocking(move || {
            let mut answer = request.call()?;
            let clocks = date(answer.headers()).map(|theirs| (theirs, SystemClock.now()));
            let status = answer.status().as_u16();
            let bytes = answer.body_mut().with_config().limit(MOST).read_to_vec()?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Ok::<_, ureq::Error>(Answer { status, text, headers: answer.headers().clone(), clocks })
        });
        asked.await.unwrap_or_else(|error| Err(std::io::Error::other(error).into()))
    }
}

/// Why there was no answer.
pub(super) fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// The time of the `Date` header.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get("date")?.to_str().ok()?;
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from_millis(i64::try_from(since.as_millis()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_or_is_none() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("date", text.parse().unwrap());
            date(&headers)
        };
        assert_eq!(of("Fri, 15 Jan 2027 08:00:00 GMT"), Some(Timestamp::from_millis(1_800_000_000_000)));
        assert_eq!(of("yesterday"), None);
        assert_eq!(of("Wed, 01 Jan 1969 00:00:00 GMT"), None);
    }
}
