//! The malformed requests.

use std::fmt::Write as _;

/// The expected reply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expect {
    /// A 4xx, or a closed connection.
    Refused,
    /// Exactly this status.
    Status(u16),
}
use Expect::{Refused, Status};

/// The description, the expected reply, and the bytes. `KEY` is replaced by a valid key.
pub(crate) type Row = (&'static str, Expect, Vec<u8>);

/// Returns all malformed requests.
pub(crate) fn table() -> Vec<Row> {
    [queries(), keys(), headers(), lines(), smuggling()].concat()
}

/// Puts a valid key into the request.
pub(crate) fn with_key(request: &[u8], key: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = request;
    while let Some(at) = rest.windows(3).position(|three| three == b"KEY") {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(key.as_bytes());
        rest = &rest[at + 3..];
    }
    out.extend_from_slice(rest);
    out
}

fn long() -> String {
    "a".repeat(100 << 10)
}

/// Returns a request with this query.
fn query(value: impl AsRef<[u8]>) -> Vec<u8> {
    let end = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    [b"GET /invites_api?", value.as_ref(), end].concat()
}

/// Returns a request with these additional headers, including line breaks.
fn with_headers(headers: impl AsRef<[u8]>) -> Vec<u8> {
    let start = b"GET /invites_api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    [start, headers.as_ref(), b"\r\n"].concat()
}

fn auth(value: impl AsRef<[u8]>) -> Vec<u8> {
    with_headers([b"Authorization: ", value.as_ref(), b"\r\n"].concat())
}

fn queries() -> Vec<Row> {
    let long = long();
    vec![
        ("a query that is not UTF-8", Refused, query(b"key=\xff\xfe/\xc3\x28")),
        ("a query that is not UTF-8 once decoded", Status(403), query("key=%FF%FE/%C3%28")),
        ("a parameter's name that is not UTF-8", Status(403), query("%FFkey=KEY")),
        ("invalid percent-encoding", Status(403), query("key=%ZZ%/%%%2")),
        ("a NUL, encoded", Status(403), query("key=%00/%00")),
        ("a literal NUL", Refused, query("key=\0/\0")),
        ("a query of 100 kB", Refused, query(format!("key={long}"))),
        ("a query of 100 kB and a valid key", Refused, query(format!("key=KEY&x={long}"))),
        ("a thousand parameters", Status(403), query("a=b&".repeat(1000))),
    ]
}

fn keys() -> Vec<Row> {
    let long = long();
    vec![
        ("a key of 8 kB", Status(403), query(format!("key={}", &long[..8000]))),
        ("a valid key with an additional slash", Status(403), query("key=KEY/")),
        ("a valid key after two slashes", Status(403), query("key=//KEY")),
        ("only slashes", Status(403), query("key=///////")),
        ("a valid key and a line break", Status(403), query("key=KEY%0D%0A")),
        ("a valid key and a NUL", Status(403), query("key=KEY%00")),
        ("a valid key and a space", Status(403), query("key=KEY+")),
        ("a line break and a header", Status(403), query("key=%0D%0ASet-Cookie:%20a=b")),
        ("a key in another script", Status(403), query("key=%D0%BA%D0%BB%D1%8E%D1%87/%F0%9F%94%91")),
    ]
}

fn headers() -> Vec<Row> {
    let many = (0..1000).fold(String::new(), |mut text, at| {
        let _ = write!(text, "X-{at}: 1\r\n");
        text
    });
    let long = format!("Bearer {}", long());
    vec![
        ("a header that is not UTF-8", Status(403), auth(b"Bearer \xff\xfe/\xfd")),
        ("a NUL in a header", Refused, auth("Bearer a\0b/c")),
        ("a header of 100 kB", Refused, auth(long)),
        ("Bearer and nothing", Status(403), auth("Bearer ")),
        ("Bearer, two keys", Status(403), auth("Bearer KEY KEY")),
        ("two keys in two headers, one wrong", Refused, auth("Bearer KEY\r\nAuthorization: Bearer a/b")),
        ("a thousand headers", Refused, with_headers(many)),
        ("a header without a name", Refused, with_headers(": x\r\n")),
        ("a header folded into two lines", Refused, with_headers("X: 1\r\n 2\r\n")),
        ("a space before the colon", Refused, with_headers("X : 5\r\n")),
        ("a bare CR in a header", Refused, with_headers("X: a\rb\r\n")),
    ]
}

fn lines() -> Vec<Row> {
    let get = |target: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").into_bytes()
    };
    let tls: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello there\r\n\r\n";
    let own = "MINT /invites_api?key=KEY HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    vec![
        ("an HTTP/0.9 request", Refused, b"GET /invites_api?key=KEY\r\n".to_vec()),
        ("HTTP/3.0", Refused, b"GET /invites_api?key=KEY HTTP/3.0\r\n\r\n".to_vec()),
        ("no Host", Refused, b"GET /invites_api?key=KEY HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec()),
        ("a TLS greeting", Refused, tls.to_vec()),
        ("an XMPP stream", Refused, b"<?xml version='1.0'?><stream:stream to='localhost'>\r\n\r\n".to_vec()),
        ("an unknown method", Status(405), own.into()),
        ("a page outside", Status(404), get("/invite/../../etc/passwd")),
        ("a token of 7 kB", Status(404), get(&format!("/invite/{}", &long()[..7000]))),
        ("a path of slashes", Status(404), get("/////////")),
        ("a target without a slash", Refused, get("invites_api?key=KEY")),
    ]
}

/// Returns requests that a proxy and the server could read differently.
fn smuggling() -> Vec<Row> {
    let post = |headers: &str, body: &str| {
        format!("POST /invites_api?key=KEY HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n{body}").into_bytes()
    };
    vec![
        ("two lengths that differ", Refused, post("Content-Length: 5\r\nContent-Length: 6\r\n", "aaaaaa")),
        ("a negative length", Refused, post("Content-Length: -1\r\n", "")),
        ("a length with a plus sign", Refused, post("Content-Length: +5\r\n", "aaaaa")),
        ("a length that is too large", Refused, post("Content-Length: 99999999999999999999999\r\n", "")),
        ("chunked, but not last", Refused, post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")),
        ("an unknown encoding", Refused, post("Transfer-Encoding: cow\r\n", "")),
    ]
}
