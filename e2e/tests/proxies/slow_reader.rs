//! A client that reads slowly, and what it has read.

use std::io::Read;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

/// Returns the JSON body of a response, which proxies may send in chunks (RFC 9112 section 7.1).
pub(super) fn json_in(answer: &[u8]) -> Option<serde_json::Value> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, mut rest) = answer.split_at(end + 4);
    if !String::from_utf8_lossy(head).to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return serde_json::from_slice(rest).ok();
    }
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return serde_json::from_slice(&body).ok();
        }
        body.extend_from_slice(rest.get(line + 2..line + 2 + size)?);
        rest = rest.get(line + 4 + size..)?;
    }
}

/// Reads 8 KiB every 10 ms until the end.
#[allow(clippy::disallowed_methods, reason = "a slow reader waits")]
pub(super) fn read_slowly(stream: &mut TcpStream) -> Vec<u8> {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let (mut bytes, mut chunk) = (Vec::new(), [0; 2048]);
    while let Ok(read @ 1..) = stream.read(&mut chunk) {
        bytes.extend_from_slice(&chunk[..read]);
        thread::sleep(Duration::from_millis(10));
    }
    bytes
}
