//! A light HTTP client for the calls whose answers matter: `wrk` keeps none of them.

use std::error::Error;
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

use crate::error::BenchError;

/// How long one call may take.
const LIMIT: Duration = Duration::from_secs(30);

/// A kept-alive connection with an API key.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// The headers of every request.
    headers: HeaderMap,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub status: u16,
    /// The body; null if it is no JSON.
    pub body: Value,
}

impl Connection {
    /// Connects to `addr`; every request then carries `key`.
    pub(crate) async fn open(addr: SocketAddr, key: &str) -> Result<Self, BenchError> {
        let failed = |why: String| BenchError::Call { what: format!("connecting to {addr}"), why };
        let stream = TcpStream::connect(addr).await.map_err(|error| failed(error.to_string()))?;
        stream.set_nodelay(true).map_err(|error| failed(error.to_string()))?;
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|error| failed(with_cause(&error)))?;
        // This task ends when the sender is dropped. Its errors reach the request that is waiting.
        tokio::spawn(connection);
        let key =
            HeaderValue::try_from(format!("Bearer {key}")).map_err(|error| failed(error.to_string()))?;
        let headers = HeaderMap::from_iter([
            (HOST, HeaderValue::from_static("localhost")),
            (AUTHORIZATION, key),
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        ]);
        Ok(Self { sender, headers })
    }

    /// The same with one more header on every request.
    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        self
    }

    /// `GET path`.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer, BenchError> {
        self.send(Method::GET, path, String::new()).await
    }

    /// `POST path` with a JSON body.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Result<Answer, BenchError> {
        self.send(Method::POST, path, body.to_string()).await
    }

    async fn send(&mut self, method: Method, path: &str, body: String) -> Result<Answer, BenchError> {
        let what = format!("{method} {path}");
        let failed = |why: String| BenchError::Call { what: what.clone(), why };
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().map_err(|_| failed("this is no path".to_owned()))?;
        *request.headers_mut() = self.headers.clone();
        match tokio::time::timeout(LIMIT, self.exchange(request)).await {
            Ok(answer) => answer.map_err(|error| failed(with_cause(&error))),
            Err(_) => Err(failed(format!("no answer within {LIMIT:?}"))),
        }
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
    pub(crate) fn expect(self, status: u16, what: &str) -> Result<Self, BenchError> {
        if self.status == status {
            return Ok(self);
        }
        Err(BenchError::Call { what: what.to_owned(), why: format!("{}: {}", self.status, self.body) })
    }

    /// A text in its body; empty without it.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.body.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}

/// What hyper says in a few words, with the cause that it keeps to itself.
fn with_cause(error: &hyper::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// What is made of a server that answers the first request with `bytes` and hangs up.
    async fn answer(bytes: &'static [u8]) -> Result<Answer, BenchError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n{}") {
                assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0);
            }
            stream.write_all(bytes).await.unwrap();
        });
        let answer = Connection::open(addr, "ID/SECRET").await?.post("/", &serde_json::json!({})).await;
        server.await.unwrap();
        answer
    }

    #[tokio::test]
    async fn reads_a_whole_answer_only() {
        let whole = b"HTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{\"claim\":\"C\"}";
        let read = answer(whole).await.unwrap();
        assert_eq!((read.status, read.text("claim"), read.text("none")), (201, "C", ""));
        for cut in [0, 20, 40, whole.len() - 1] {
            answer(&whole[..cut]).await.unwrap_err();
        }
    }

    #[tokio::test]
    async fn reads_an_answer_in_pieces() {
        let read = answer(
            b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n\
              6\r\n{\"clai\r\n7\r\nm\":\"C\"}\r\n0\r\n\r\n",
        );
        assert_eq!(read.await.unwrap().text("claim"), "C");
    }

    #[tokio::test]
    async fn an_answer_without_json_has_an_empty_body() {
        let read = answer(b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno").await.unwrap();
        assert_eq!((read.status, read.body.is_null()), (404, true));
        let refused = answer(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        assert_eq!(refused.expect(201, "a mint").unwrap_err().to_string(), "a mint: 503: null");
    }
}
