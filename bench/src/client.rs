//! A small HTTP client for calls whose answers matter; `wrk` discards them.

use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::error::{Context as _, Result};

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_mins(1);

/// A kept-alive connection with an API key.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// The headers of every request.
    headers: HeaderMap,
}

/// An answer with any status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    /// The body; null if it is not JSON.
    pub body: Value,
}

impl Connection {
    /// Connects to `addr`; every request carries `key`.
    pub(crate) async fn open(addr: SocketAddr, key: &str) -> Result<Self> {
        let stream = TcpStream::connect(addr).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Ends when the sender is dropped. Its errors reach the waiting request.
        tokio::spawn(connection);
        let headers = HeaderMap::from_iter([
            (HOST, HeaderValue::from_static("localhost")),
            (AUTHORIZATION, HeaderValue::try_from(format!("Bearer {key}"))?),
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        ]);
        Ok(Self { sender, headers })
    }

    /// The same connection with one more header on every request.
    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        self
    }

    /// `GET path`.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, String::new()).await
    }

    /// `POST path` with a JSON body.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        self.send(Method::POST, path, body.to_string()).await
    }

    async fn send(&mut self, method: Method, path: &str, body: String) -> Result<Answer> {
        let what = format!("{method} {path}");
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse()?;
        *request.headers_mut() = self.headers.clone();
        tokio::time::timeout(TIMEOUT, self.exchange(request)).await?.context(what)
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Answer> {
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Answer { status, body: serde_json::from_slice(&body).unwrap_or_default() })
    }
}

impl Answer {
    /// The answer if it has this status, else an error that shows it.
    pub(crate) fn expect(self, status: u16, what: &str) -> Result<Self> {
        if self.status == status {
            return Ok(self);
        }
        Err(format!("{what}: {}: {}", self.status, self.body).into())
    }

    /// A string in the body; empty if it is missing.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.body.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_status_is_an_error_with_the_answer() {
        let answer = || Answer { status: 503, body: serde_json::json!({ "type": "x" }) };
        assert_eq!(answer().text("type"), "x");
        assert_eq!(answer().text("none"), "");
        assert!(answer().expect(503, "a create").is_ok());
        let error = answer().expect(201, "a create").unwrap_err().to_string();
        assert_eq!(error, "a create: 503: {\"type\":\"x\"}");
    }
}
