//! Raw bytes over TCP, for malformed requests.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::HarnessError;
use crate::http::Response;

/// The longest pause in a response.
const SILENCE: Duration = Duration::from_secs(15);

/// The reply to raw bytes.
#[derive(Debug, Clone, Default)]
pub struct RawReply {
    /// The bytes until the server closed the connection or stopped sending.
    pub bytes: Vec<u8>,
    /// Whether the server closed or reset the connection.
    pub closed: bool,
}

impl RawReply {
    /// Returns the first response, if its head is complete. Its body ends after `Content-Length` bytes, or with the
    /// reply.
    pub fn response(&self) -> Option<Response> {
        parse(&self.bytes).map(|(response, _)| response)
    }

    /// Returns all complete responses in their order.
    pub fn responses(&self) -> Vec<Response> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(|| {
            let (response, used) = parse(rest)?;
            rest = rest.get(used..)?;
            Some(response)
        })
        .collect()
    }

    /// Returns the status of the first response, or `None` if there is none.
    pub fn status(&self) -> Option<u16> {
        self.response().map(|response| response.status)
    }
}

/// Sends `bytes` on a new connection and reads until the server closes it or sends nothing for 15 s. Requests that
/// expect a normal response should contain `Connection: close`.
///
/// # Errors
/// If the connection fails. A connection closed early is no error.
pub fn raw_request(addr: SocketAddr, bytes: &[u8]) -> Result<RawReply, HarnessError> {
    let mut stream = TcpStream::connect_timeout(&addr, SILENCE).map_err(HarnessError::io("connecting"))?;
    stream.set_write_timeout(Some(SILENCE)).map_err(HarnessError::io("setting a time limit"))?;
    // The server may stop reading early; its response is still read.
    let _ = stream.write_all(bytes);
    read_reply(&mut stream, SILENCE)
}

/// Reads until the server closes the connection or sends nothing for `silence`.
///
/// # Errors
/// If the socket cannot be set up.
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

/// Sends a request on a new connection, with only `Host` and `Connection: close` added.
///
/// # Errors
/// If the connection fails, or the reply is no HTTP response.
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

/// Like [`exchange`], from another loopback address, and with the server's address as `Host`.
///
/// # Errors
/// See [`exchange`].
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

/// Connects from a given loopback address.
///
/// # Errors
/// If the connection fails.
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
    // The server may stop reading early; its response is still read.
    let _ = stream.write_all(&[request.as_bytes(), body].concat());
    let reply = read_reply(&mut stream, SILENCE)?;
    reply.response().ok_or_else(|| HarnessError::Http {
        what: format!("{method} {target}"),
        why: format!("not an HTTP response: {:?}", String::from_utf8_lossy(&reply.bytes)),
    })
}

/// Returns the first response in `bytes` and its length.
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
