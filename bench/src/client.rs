//! A light HTTP client for the calls whose answers matter: `wrk` keeps none of them.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::error::BenchError;

/// How long one call may take.
const LIMIT: Duration = Duration::from_secs(30);
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A kept-alive connection with an API key.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    /// The lines that go with every request.
    headers: String,
    received: Vec<u8>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub status: u16,
    /// The body; empty if it is no JSON.
    pub body: Value,
}

impl Connection {
    /// Connects to `addr`; every request then carries `key`.
    pub(crate) async fn open(addr: SocketAddr, key: &str) -> Result<Self, BenchError> {
        let connecting = || BenchError::io(format!("connecting to {addr}"));
        let stream = TcpStream::connect(addr).await.map_err(connecting())?;
        stream.set_nodelay(true).map_err(connecting())?;
        let headers =
            format!("Host: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n");
        Ok(Self { stream, headers, received: Vec::new() })
    }

    /// The same with one more header on every request.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers = self.headers + name + ": " + value + "\r\n";
        self
    }

    /// `GET path`.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer, BenchError> {
        self.send("GET", path, "").await
    }

    /// `POST path` with a JSON body.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Result<Answer, BenchError> {
        self.send("POST", path, &body.to_string()).await
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, BenchError> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n{body}",
            self.headers,
            body.len()
        );
        let answer = tokio::time::timeout(LIMIT, self.exchange(request.as_bytes())).await;
        let failed = |why: String| BenchError::Call { what: format!("{method} {path}"), why };
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(failed(error.to_string())),
            Err(_) => Err(failed(format!("no answer within {LIMIT:?}"))),
        }
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.received.clear();
        loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            // Every answer says how long it is; what does not is given up as cut off.
            if let Some(answer) = parse(&self.received) {
                return Ok(answer);
            }
        }
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

/// A whole answer at the start of `bytes`.
fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(END_OF_HEAD.len()).position(|four| four == END_OF_HEAD)?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let length: usize = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    })?;
    let start = end + END_OF_HEAD.len();
    let body = bytes.get(start..start + length)?;
    Some(Answer { status, body: serde_json::from_slice(body).unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_whole_answer_only() {
        let whole = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nContent-Length: 13\r\n\r\n\
                      {\"claim\":\"C\"}";
        let answer = parse(whole).unwrap();
        assert_eq!((answer.status, answer.text("claim"), answer.text("none")), (201, "C", ""));
        for cut in 0..whole.len() {
            assert!(parse(&whole[..cut]).is_none(), "{cut}");
        }
    }

    #[test]
    fn an_answer_without_json_has_an_empty_body() {
        let answer = parse(b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno").unwrap();
        assert_eq!((answer.status, answer.body.is_null()), (404, true));
        let error = parse(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n").unwrap().expect(201, "a mint");
        assert_eq!(error.unwrap_err().to_string(), "a mint: 503: null");
    }
}
