//! Bytes over TCP, for the requests that no well-behaved client sends.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::HarnessError;
use crate::http::Response;

/// How long a server may be silent before the exchange is given up.
const SILENCE: Duration = Duration::from_secs(15);

/// What came back for raw bytes.
#[derive(Debug, Clone, Default)]
pub struct RawReply {
    /// Every byte until the server closed the connection or fell silent.
    pub bytes: Vec<u8>,
    /// Whether the server closed (or reset) the connection.
    pub closed: bool,
}

impl RawReply {
    /// The first answer in it, if its head is whole. Its body is what its `Content-Length` says, or
    /// everything that followed.
    pub fn response(&self) -> Option<Response> {
        parse(&self.bytes).map(|(response, _)| response)
    }

    /// Every whole answer in it, in order, as to pipelined requests.
    pub fn responses(&self) -> Vec<Response> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(|| {
            let (response, used) = parse(rest)?;
            rest = rest.get(used..)?;
            Some(response)
        })
        .collect()
    }

    /// The status of the first answer; `None` where the connection was closed without one.
    pub fn status(&self) -> Option<u16> {
        self.response().map(|response| response.status)
    }
}

/// Sends `bytes` on a new connection and reads until the server closes it or is silent for 15 s. Say
/// `Connection: close` where an ordinary answer is expected.
///
/// # Errors
/// When no connection can be made. A server that hangs up in the middle is an answer.
pub fn raw_request(addr: SocketAddr, bytes: &[u8]) -> Result<RawReply, HarnessError> {
    let mut stream = TcpStream::connect_timeout(&addr, SILENCE).map_err(HarnessError::io("connecting"))?;
    stream.set_write_timeout(Some(SILENCE)).map_err(HarnessError::io("setting a time limit"))?;
    // A server that has seen enough stops reading: what it answered still counts.
    let _ = stream.write_all(bytes);
    read_reply(&mut stream, SILENCE)
}

/// Reads until the server closes the connection or is silent for `silence`.
///
/// # Errors
/// When the socket cannot be set up.
pub fn read_reply(stream: &mut TcpStream, silence: Duration) -> Result<RawReply, HarnessError> {
    stream.set_read_timeout(Some(silence)).map_err(HarnessError::io("setting a time limit"))?;
    let mut reply = RawReply::default();
    let mut chunk = [0_u8; 8192];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => {
                reply.closed = true;
                break;
            }
            Ok(read) => reply.bytes.extend(chunk.iter().take(read)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                reply.closed = !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                break;
            }
        }
    }
    Ok(reply)
}

/// One request, written out byte for byte, on a connection of its own: unlike a client library it adds
/// only `Host` and `Connection: close`.
///
/// # Errors
/// When no connection can be made, or what came back is no HTTP answer.
pub fn exchange(
    addr: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Response, HarnessError> {
    let stream = TcpStream::connect_timeout(&addr, SILENCE).map_err(HarnessError::io("connecting"))?;
    exchange_on(stream, "localhost", method, target, headers, body)
}

/// The same from another loopback address, which is another client, and with the server's address as its name.
///
/// # Errors
/// As [`exchange`].
pub fn exchange_from(
    source: IpAddr,
    addr: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Response, HarnessError> {
    let stream = connect_from(source, addr).map_err(HarnessError::io("connecting"))?;
    exchange_on(stream, &addr.to_string(), method, target, headers, body)
}

/// A connection from a loopback address of one's choice.
///
/// # Errors
/// When there can be none.
pub fn connect_from(source: IpAddr, addr: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    socket.bind(&SocketAddr::new(source, 0).into())?;
    socket.connect_timeout(&addr.into(), SILENCE)?;
    Ok(socket.into())
}

fn exchange_on(
    mut stream: TcpStream,
    host: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Response, HarnessError> {
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    if !body.is_empty() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
        request = request + "Content-Length: " + &body.len().to_string() + "\r\n";
    }
    for (name, value) in headers {
        request = request + name + ": " + value + "\r\n";
    }
    request += "\r\n";
    // A server that has seen enough stops reading: what it answered still counts.
    let _ = stream.write_all(&[request.as_bytes(), body].concat());
    let reply = read_reply(&mut stream, SILENCE)?;
    reply.response().ok_or_else(|| HarnessError::Http {
        what: format!("{method} {target}"),
        why: format!("no HTTP answer: {:?}", String::from_utf8_lossy(&reply.bytes)),
    })
}

/// The first answer in `bytes` and how many bytes it takes.
fn parse(bytes: &[u8]) -> Option<(Response, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let start = end + 4;
    let mut response = Response { status, headers, body: Vec::new() };
    let length = response.header("content-length").and_then(|length| length.parse::<usize>().ok());
    let stop = length.map_or(bytes.len(), |length| bytes.len().min(start + length));
    response.body = bytes.get(start..stop)?.to_vec();
    Some((response, stop))
}
