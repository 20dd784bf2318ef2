//! Asking the service, as the bridge does.

use std::time::{Duration, UNIX_EPOCH};

use ureq::Agent;
use vestibule_core::{Clock, Timestamp};

use crate::system::SystemClock;

/// What the bridge gives the service for an answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// More is no answer of ours.
const MOST: u64 = 1 << 20;

/// Asks one service, and nobody else: no proxy, no redirects. It is told nothing secret.
#[derive(Clone)]
pub(super) struct Client {
    base: String,
    agent: Agent,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) text: String,
    /// What the service's clock said, and ours.
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
        Self { base, agent: Agent::new_with_config(config) }
    }

    /// Whom it asks.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// `GET` of a path. The error says why there was no answer.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, String> {
        let request = self.agent.get(format!("{}{path}", self.base));
        let asked = tokio::task::spawn_blocking(move || {
            let mut answer = request.call()?;
            let clocks = date(answer.headers()).map(|theirs| (theirs, SystemClock.now()));
            let status = answer.status().as_u16();
            let bytes = answer.body_mut().with_config().limit(MOST).read_to_vec()?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Ok::<_, ureq::Error>(Answer { status, text, clocks })
        });
        match asked.await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// What `Date` says.
fn date(headers: &ureq::http::HeaderMap) -> Option<Timestamp> {
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
            let mut headers = ureq::http::HeaderMap::new();
            headers.insert("date", text.parse().unwrap());
            date(&headers)
        };
        assert_eq!(of("Fri, 15 Jan 2027 08:00:00 GMT"), Some(Timestamp::from_millis(1_800_000_000_000)));
        assert_eq!(of("yesterday"), None);
        assert_eq!(of("Wed, 01 Jan 1969 00:00:00 GMT"), None);
    }
}
