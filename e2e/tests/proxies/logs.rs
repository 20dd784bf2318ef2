//! No token is in a log of a proxy, whatever a request looks like and whatever becomes of Vestibule.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::common::{TestServer, eventually};
use super::faulty_upstream::{FAULT, FAULTS, FaultyUpstream};
use vestibule_e2e::http::{path_of, read_reply, token_of};
use vestibule_e2e::{ProxyKind, ReverseProxy};

/// The longest wait for the answers. Some requests get none.
const ANSWER: Duration = Duration::from_millis(1500);
/// The address of a request after all others. The web site is down; HAProxy tries for three seconds to reach it, and
/// logs the request then.
const LAST_OF_SITE: &str = "/the-last-request";
const LAST_OF_API: &str = "/v1/the-last-request";

/// Targets of requests. Vestibule understands most of them, although some links are damaged.
const TARGETS: [&str; 44] = [
    "/invite/{T}",
    "/Invite/{T}/register",
    "/INVITE/{T}.",
    "//invite//{T}",
    "/invites_page/?{T}",
    "/invites_page?{T}",
    "/invites%5fpage?{T}",
    "/register/?t={T}",
    "/Register?t={T}%",
    "/register?t=3D{T}",
    "/invite/%20{T}%E2%80%8B",
    "/invite%2f{T}",
    "/invite/{T}%",
    "/invite/{T}%00",
    "/invite/{T}%zz",
    "/invites/{T}",
    "/invites_pages?t={T}",
    "/%20invite/{T}",
    "/%E2%80%8Binvite/{T}",
    "/.invite/{T}",
    "/%22invite/{T}",
    "/\"invite/{T}\"",
    "/invite;{T}",
    "/invite%5c{T}",
    "/invite\\{T}",
    "/invite={T}",
    "/invite{T}",
    "/%69nvite/{T}",
    "/%49%4eVITE/{T}",
    "/./invite/{T}",
    "/x/../invite/{T}",
    "/v1/../invite/{T}",
    "/../invite/{T}",
    "/static/{T}",
    "/static/style.css?{T}",
    "/static/../invite/{T}",
    "/v1/invites?token={T}",
    "/{T}",
    "/?utm={T}#x",
    "/https://example.com/invite/{T}",
    "http://example.com/invite/{T}",
    "ftp://example.com/invite/{T}",
    "invite/{T}",
    "*/invite/{T}",
];

/// What a request to one of the targets could be. `{U}` is the target, `{H}` the host.
const REQUESTS: [&str; 14] = [
    "GET {U} HTTP/1.1\r\nHost: {H}\r\nConnection: close\r\n\r\n",
    "{U} HTTP/1.1\r\nHost: {H}\r\n\r\n",
    "GET {U}\r\n\r\n",
    "GET  {U} HTTP/1.1\r\nHost: {H}\r\nConnection: close\r\n\r\n",
    "GET {U} x HTTP/1.1\r\nHost: {H}\r\n\r\n",
    "\x16\x03\x01{U}\r\n\r\n",
    "GET {U} HTTP/3.9\r\nHost: {H}\r\n\r\n",
    "G@T {U} HTTP/1.1\r\nHost: {H}\r\nConnection: close\r\n\r\n",
    "GET {U} HTTP/1.1\r\nHost: a b\r\n\r\n",
    "GET {U} HTTP/1.1\r\nHost: {H}\r\nBad Header\r\n\r\n",
    "GET {U} HTTP/1.1\r\nHost: {H}\r\nConnection: close\r\nCookie: {20000}\r\n\r\n",
    "GET {U}{9000} HTTP/1.1\r\nHost: {H}\r\nConnection: close\r\n\r\n",
    "POST {U} HTTP/1.1\r\nHost: {H}\r\nConnection: close\r\nContent-Length: abc\r\n\r\n",
    "POST {U} HTTP/1.1\r\nHost: {H}\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n",
];

/// Requests that browsers send from a page with a token in its address.
const SUBRESOURCES: [&str; 4] = ["/favicon.ico", "/static/none.css", "/v1/invites", "/elsewhere"];

/// The forms of one token.
struct Token(String);

impl Token {
    /// Creates the `number`th token of this service's form, or every second one of Prosody's.
    fn numbered(number: usize) -> Self {
        let digits = format!("{number:05}");
        Self(if number.is_multiple_of(2) {
            format!("0QtQkTqqZxYw{digits}AbCdEfGhIjK")
        } else {
            format!("q-_W{digits}x-Yz_AbCdEfGhIj")
        })
    }

    /// Returns the token with every third character percent-encoded.
    fn encoded(&self) -> String {
        let each = |(index, byte): (usize, u8)| {
            if index % 3 == 0 { format!("%{byte:02x}") } else { char::from(byte).to_string() }
        };
        self.0.bytes().enumerate().map(each).collect()
    }
}

/// The tokens that were sent, each with its request.
#[derive(Default)]
struct Sent {
    tokens: Vec<(Token, String)>,
    /// The connections whose answers have not been read.
    pending: Vec<TcpStream>,
}

impl Sent {
    /// Sends a request twice, each time with a token of its own: as it is, and percent-encoded.
    fn send(&mut self, addr: SocketAddr, template: &str) {
        for encoded in [false, true] {
            let token = Token::numbered(self.tokens.len());
            let written = if encoded { token.encoded() } else { token.0.clone() };
            let request = template
                .replace("{T}", &written)
                .replace("{H}", &addr.to_string())
                .replace("{20000}", &"a ".repeat(10_000))
                .replace("{9000}", &"/x".repeat(4_500));
            let mut stream = TcpStream::connect(addr).unwrap();
            // The proxy may refuse the request before it has read all of it.
            let _ = stream.write_all(request.as_bytes());
            self.pending.push(stream);
            self.tokens.push((token, template.to_owned()));
        }
    }

    /// Waits for the answers. Some requests get none.
    fn await_answers(&mut self) {
        let deadline = Instant::now() + ANSWER;
        for mut stream in self.pending.drain(..) {
            let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            stream.set_read_timeout(Some(left)).unwrap();
            let _ = stream.read(&mut [0; 4096]);
        }
    }

    fn get(&mut self, addr: SocketAddr, target: &str) {
        self.send(addr, &REQUESTS[0].replace("{U}", target));
    }

    fn refer(&mut self, addr: SocketAddr, target: &str) {
        let request = REQUESTS[0].replace("{U}", target);
        let end = "\r\nReferer: https://example.com/invite/{T}\r\n\r\n";
        self.send(addr, &request.replace("\r\n\r\n", end));
    }

    /// Asserts that none of the tokens is in the logs after all requests are logged.
    fn assert_not_logged(&mut self, kind: ProxyKind, proxy: &ReverseProxy, last: &str) {
        self.await_answers();
        if kind != ProxyKind::Caddy {
            let request = REQUESTS[0].replace("{U}", last).replace("{H}", &proxy.addr().to_string());
            let mut stream = TcpStream::connect(proxy.addr()).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            eventually("other requests are logged", Duration::from_secs(10), || proxy.logs().contains(last));
        }
        let logs = proxy.logs();
        for (token, request) in &self.tokens {
            let encoded = token.encoded();
            let line = logs.lines().find(|line| line.contains(&token.0) || line.contains(&encoded));
            assert!(line.is_none(), "{kind:?} logs {request:?}:\n{}", line.unwrap_or_default());
        }
    }
}

/// Neither while Vestibule runs nor while it is down.
pub(super) fn no_request_puts_a_token_into_a_log(kind: ProxyKind) {
    let mut test_server = TestServer::new();
    let proxy = ReverseProxy::start(kind, test_server.server.addr()).unwrap();
    let (main, redirect) = (proxy.addr(), proxy.redirect_addr());
    let mut sent = Sent::default();
    // Caddy's file has no line for plain HTTP.
    let addrs = if kind == ProxyKind::Caddy { vec![main] } else { vec![main, redirect] };
    for addr in addrs {
        for target in TARGETS {
            sent.get(addr, target);
        }
        for target in SUBRESOURCES {
            sent.refer(addr, target);
        }
        for request in REQUESTS {
            sent.send(addr, &request.replace("{U}", "/invite/{T}"));
        }
    }
    sent.await_answers();
    test_server.server.terminate().unwrap();
    for target in TARGETS {
        sent.get(main, target);
    }
    for target in SUBRESOURCES {
        sent.refer(main, target);
    }
    sent.assert_not_logged(kind, &proxy, LAST_OF_SITE);
    // That Vestibule is down is in the log nevertheless.
    let logs = proxy.logs();
    assert!([" 502 ", " 503 ", "connection refused"].iter().any(|text| logs.contains(text)), "{logs}");
}

/// A Vestibule that hangs and is killed, and a client that leaves meanwhile.
pub(super) fn a_vestibule_that_is_killed_puts_no_token_into_a_log(kind: ProxyKind) {
    let mut test_server = TestServer::new();
    let proxy = ReverseProxy::start(kind, test_server.server.addr()).unwrap();
    let mut sent = Sent::default();
    test_server.server.pause();
    let body = "Content-Length: 10\r\n\r\nusername=a";
    let mut waiting: Vec<TcpStream> = Vec::new();
    for (index, form) in [false, true, false, true].into_iter().enumerate() {
        let token = Token::numbered(index);
        let target = format!("/invite/{}", token.0);
        let request = if form {
            REQUESTS[0].replace("GET {U}", &format!("POST {target}/register")).replace("\r\n\r\n", "\r\n")
                + body
        } else {
            REQUESTS[0].replace("{U}", &target)
        }
        .replace("{H}", &proxy.addr().to_string());
        let mut stream = TcpStream::connect(proxy.addr()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        sent.tokens.push((token, request));
        waiting.push(stream);
    }
    // The proxy has passed the requests on, and no answer comes.
    for stream in &mut waiting {
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        assert!(stream.read(&mut [0; 1]).is_err(), "no answer from a process that is stopped");
    }
    waiting.drain(..2);
    test_server.server.kill();
    for stream in &mut waiting {
        let reply = read_reply(stream, Duration::from_secs(15)).unwrap();
        assert!(reply.status().is_none_or(|status| status >= 500), "{reply:?}");
    }
    sent.assert_not_logged(kind, &proxy, LAST_OF_API);
}

/// Connections that end early, and answers that are not HTTP.
pub(super) fn a_broken_answer_puts_no_token_into_a_log(kind: ProxyKind) {
    let upstream = FaultyUpstream::new(TcpListener::bind("127.0.0.1:0").unwrap());
    let proxy = ReverseProxy::start(kind, upstream.addr()).unwrap();
    let mut sent = Sent::default();
    for fault in 0..FAULTS.len() {
        let with = |request: &str, headers: &str| {
            request.replace("\r\n\r\n", &format!("\r\n{FAULT}: {fault}\r\n{headers}\r\n"))
        };
        let page = REQUESTS[0].replace("{U}", "/invite/{T}");
        sent.send(proxy.addr(), &with(&page, ""));
        let form = with(&page.replace("GET", "POST"), "Content-Length: 10\r\n") + "username=a";
        sent.send(proxy.addr(), &form);
        for target in ["/static/none.css", "/v1/invites"] {
            let request = REQUESTS[0].replace("{U}", target);
            sent.send(proxy.addr(), &with(&request, "Referer: https://example.com/invite/{T}\r\n"));
        }
    }
    sent.assert_not_logged(kind, &proxy, LAST_OF_API);
    assert!(upstream.requests() >= 8 * FAULTS.len(), "the proxy passed {} requests on", upstream.requests());
}

/// The key of `/invites_api` and a client that leaves in the middle of its form.
pub(super) fn keys_and_abandoned_forms_are_not_logged(kind: ProxyKind) {
    let test_server = TestServer::new();
    let proxy = ReverseProxy::start(kind, test_server.server.addr()).unwrap();
    let link = test_server.mint();
    let (page, token) = (path_of(&link), token_of(&link));
    let (id, secret) = test_server.key.split_once('/').unwrap();
    let mut sent = Sent::default();
    for request in [
        format!("POST {page}/register HTTP/1.1\r\nHost: {{H}}\r\nContent-Length: 100\r\n\r\nusername="),
        format!("GET {page} HTTP/1.1\r\nHost: {{H}}\r\nX: "),
        format!("GET {page}"),
        format!("GET {page} HTTP/1.1\r\nHost: {{H}}\r\n\r\n"),
    ] {
        let request = request.replace("{H}", &proxy.addr().to_string());
        TcpStream::connect(proxy.addr()).unwrap().write_all(request.as_bytes()).unwrap();
    }
    sent.get(proxy.addr(), &format!("/invites_api?key={id}/{secret}"));
    sent.assert_not_logged(kind, &proxy, LAST_OF_API);
    let logs = proxy.logs();
    for needle in [token, id, secret] {
        assert!(!logs.contains(needle), "{needle} in {logs}");
    }
}
