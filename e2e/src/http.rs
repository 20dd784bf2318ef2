//! An HTTP client.

use std::time::Duration;

use ureq::Agent;
use ureq::http::{Method, Request};

use crate::HarnessError;
pub use crate::raw::{RawReply, connect_from, exchange, exchange_from, raw_request, read_reply};

/// The timeout of a request.
const LIMIT: Duration = Duration::from_secs(30);

/// A response with any status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers in their order, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns the first header with that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns all headers with that name (lower case).
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Returns the body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the `Location` header.
    pub fn location(&self) -> Option<&str> {
        self.header("location")
    }
}

/// A client with persistent connections. It treats no status as an error, follows no redirects and uses no proxy.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl Client {
    /// Creates a client with its own connection pool.
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent("")
            .timeout_global(Some(LIMIT))
            .build();
        Self { agent: Agent::new_with_config(config) }
    }

    /// Sends `GET url`.
    ///
    /// # Errors
    /// If there is no complete response.
    pub fn get(&self, url: &str) -> Result<Response, HarnessError> {
        self.send("GET", url, &[], None)
    }

    /// Sends `HEAD url`.
    ///
    /// # Errors
    /// If there is no complete response.
    pub fn head(&self, url: &str) -> Result<Response, HarnessError> {
        self.send("HEAD", url, &[], None)
    }

    /// Sends a request.
    ///
    /// # Errors
    /// If there is no complete response.
    pub fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Response, HarnessError> {
        let failed = |why: String| HarnessError::Http { what: format!("{method} {url}"), why };
        let parsed = Method::from_bytes(method.as_bytes()).map_err(|error| failed(error.to_string()))?;
        let mut request = Request::builder().method(parsed).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => request.body(body.to_vec()).map(|request| self.agent.run(request)),
            None => request.body(()).map(|request| self.agent.run(request)),
        };
        let mut answer =
            answer.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
        let headers = answer.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec();
        let body = body.map_err(|error| failed(error.to_string()))?;
        Ok(Response { status: answer.status().as_u16(), headers, body })
    }

    /// Creates an invite with `/invites_api` and `Authorization: Bearer key`; `base` is the server's URL.
    ///
    /// # Errors
    /// If there is no complete response.
    pub fn mint(&self, base: &str, key: &str) -> Result<Response, HarnessError> {
        let bearer = format!("Bearer {key}");
        self.send("GET", &format!("{base}/invites_api"), &[("authorization", &bearer)], None)
    }

    /// Opens a link on the server at `base`. Only the path of the link is used, because the port may have changed
    /// since.
    ///
    /// # Errors
    /// If there is no complete response.
    pub fn open(&self, base: &str, link: &str) -> Result<Response, HarnessError> {
        self.get(&format!("{base}{}", path_of(link)))
    }
}

/// Returns the path and query of a link; `/` if it has none.
pub fn path_of(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/")
}

/// Returns the token of a link `.../invite/TOKEN`.
pub fn token_of(link: &str) -> &str {
    link.trim().rsplit('/').next().unwrap_or_default()
}
