//! HTTP requests to the API.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Semaphore, time::timeout};
use ureq::{
    Agent, Timeout,
    unversioned::{
        resolver::DefaultResolver,
        transport::{Connector, TcpConnector},
    },
};
use vestibule_core::AccountsError;
use zeroize::Zeroizing;

use super::{ApiCredentials, ApiUrl, answer::Answer};
use crate::{sanitize::sanitize, tls_connector::TlsConnector, trust_anchors::TrustAnchors};

/// Timeout of the connection.
const CONNECT: Duration = Duration::from_secs(4);

/// Timeout of one request. A registration needs up to four, within the lease of its claim.
const TOTAL: Duration = Duration::from_secs(8);

/// Maximum number of bytes of an answer.
const MAX_ANSWER: u64 = 64 << 10;

/// Maximum number of requests at once, each of which occupies a thread.
const MAX_REQUESTS: usize = 16;

/// Timeout of the wait for other requests.
const WAIT: Duration = Duration::from_secs(3);

/// Sends requests to one API: no proxy, no redirects, no kept connections.
pub(super) struct Client {
    base: String,
    authorization: Option<SecretString>,
    agent: Agent,
    permits: Semaphore,
    /// Whether the server takes no version in the path.
    is_old: AtomicBool,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Client {
    pub(super) fn new(url: &ApiUrl, credentials: &ApiCredentials, trust: TrustAnchors) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .proxy(None)
            .user_agent(concat!("vestibule/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(TOTAL))
            .build();
        let connector = ().chain(TcpConnector::default()).chain(TlsConnector::new(trust));
        Self {
            base: url.as_str().to_owned(),
            authorization: authorization(credentials),
            agent: Agent::with_parts(config, connector, DefaultResolver::default()),
            permits: Semaphore::new(MAX_REQUESTS),
            is_old: AtomicBool::new(false),
        }
    }

    pub(super) fn is_old(&self) -> bool {
        self.is_old.load(Ordering::Relaxed)
    }

    /// Calls a command in this version, which must accept it.
    pub(super) async fn call(
        &self,
        command: &'static str,
        version: u32,
        arguments: &[(&str, &str)],
    ) -> Result<Answer, AccountsError> {
        self.ask(command, version, arguments).await?.accepted(command)
    }

    /// Calls a command in this version. An old server has one version of each, which is version 0.
    pub(super) async fn ask(
        &self,
        command: &'static str,
        version: u32,
        arguments: &[(&str, &str)],
    ) -> Result<Answer, AccountsError> {
        let busy = || AccountsError::Unavailable("too many requests are under way".to_owned());
        let permit = timeout(WAIT, self.permits.acquire()).await.map_err(|_| busy())?;
        let _permit = permit.map_err(|_| busy())?;
        // Without a version in the path, an old server carries out the old command, which may do something else.
        if self.is_old() && version == 0 {
            let answer = self.post(command, arguments).await?;
            // It may have been upgraded meanwhile.
            if !answer.rejects_arguments() {
                return Ok(answer);
            }
            self.is_old.store(false, Ordering::Relaxed);
        }
        let answer = self.post(&format!("{command}/v{version}"), arguments).await?;
        if !answer.rejects_version() {
            return Ok(answer);
        }
        self.is_old.store(true, Ordering::Relaxed);
        if version > 0 {
            let text = format!("this ejabberd is too old for the command {command}");
            return Err(AccountsError::Unsupported(text));
        }
        self.post(command, arguments).await
    }

    async fn post(&self, path: &str, arguments: &[(&str, &str)]) -> Result<Answer, AccountsError> {
        let arguments: BTreeMap<_, _> = arguments.iter().copied().collect();
        let body = serde_json::to_vec(&arguments).map(Zeroizing::new);
        let body = body.map_err(|error| AccountsError::Refused(error.to_string()))?;
        let mut request =
            self.agent.post(format!("{}/{path}", self.base)).header("content-type", "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization.expose_secret());
        }
        let asked = tokio::task::spawn_blocking(move || {
            let mut answer = request.send(body.as_slice())?;
            let status = answer.status().as_u16();
            let bytes = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec()?;
            Ok::<_, ureq::Error>(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_default() })
        });
        match asked.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(no_answer(&error)),
            Err(error) => Err(AccountsError::Unknown(error.to_string())),
        }
    }
}

fn authorization(credentials: &ApiCredentials) -> Option<SecretString> {
    match credentials {
        ApiCredentials::Address => None,
        ApiCredentials::Account { user, password } => {
            let pair = Zeroizing::new(format!("{user}:{}", password.expose_secret()));
            Some(format!("Basic {}", STANDARD.encode(pair.as_bytes())).into())
        }
        ApiCredentials::Token(token) => Some(format!("Bearer {}", token.expose_secret()).into()),
    }
}

/// Whether the request can have had an effect depends on whether a connection was made.
fn no_answer(error: &ureq::Error) -> AccountsError {
    let is_unsent = match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::BadUri(_)
        | ureq::Error::Tls(_)
        | ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => true,
        ureq::Error::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::ConnectionRefused
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable
                | io::ErrorKind::AddrNotAvailable
        ),
        _ => false,
    };
    let text = match error {
        ureq::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    };
    let text = sanitize(&text);
    if is_unsent { AccountsError::Unavailable(text) } else { AccountsError::Unknown(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_that_waits_for_others_was_not_sent() {
        let url = ApiUrl::parse("http://127.0.0.1:9/api").unwrap();
        let client = Client::new(&url, &ApiCredentials::Address, TrustAnchors::system_roots());
        let _all = client.permits.acquire_many(16).await.unwrap();
        let busy = timeout(2 * WAIT, client.call("register", 0, &[])).await.unwrap();
        assert!(matches!(busy, Err(AccountsError::Unavailable(_))), "{busy:?}");
    }
}
