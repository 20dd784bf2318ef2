//! Set-ups with one mistake.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use vestibule_e2e::{CliOutput, Prosody, Version};

use crate::common::HOST;
use crate::test_server::{TestServer, bridged, fails};

/// Asserts that `output` has this line, which fails, and prints it.
pub(crate) fn named(mistake: &str, output: &CliOutput, begin: &str, texts: &[&str]) {
    fails(output, begin, texts);
    let line = output.stdout.lines().find(|line| line.starts_with(begin)).unwrap_or_default();
    println!("| {mistake} | {line} |");
}

/// A server, and a `doctor` that looks at a Prosody.
pub(crate) struct Fixture(pub(crate) TestServer);

impl Fixture {
    pub(crate) fn new() -> Self {
        Self(TestServer::new())
    }

    pub(crate) fn doctor(&self, prosody: &Prosody) -> CliOutput {
        self.0.doctor(HOST, &["--c2s", &prosody.c2s_addr().to_string()])
    }

    /// Runs `doctor` with a Prosody that has the bridge with these settings.
    pub(crate) fn bridged(&self, version: Version, url: &str, key: &str) -> CliOutput {
        self.doctor(&bridged(url, key).version(version).start().unwrap())
    }

    pub(crate) fn with_key(&self, version: Version, key: &str) -> CliOutput {
        self.bridged(version, &self.0.server.url(), key)
    }

    pub(crate) fn with_url(&self, version: Version, url: &str) -> CliOutput {
        self.bridged(version, url, &self.0.key)
    }

    pub(crate) fn id(&self) -> &str {
        self.0.key.split('/').next().unwrap()
    }
}

/// Starts a relay to the server that replaces the `Date` of its answers, as a wrong clock would.
pub(crate) fn relay_with_date(to: SocketAddr, date: &'static str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            let mut upstream = TcpStream::connect(to).unwrap();
            upstream.write_all(request.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes()).unwrap();
            let mut answer = Vec::new();
            upstream.read_to_end(&mut answer).unwrap();
            let lines: Vec<_> = String::from_utf8_lossy(&answer)
                .split("\r\n")
                .map(
                    |line| if line.starts_with("date: ") { format!("date: {date}") } else { line.to_owned() },
                )
                .collect();
            stream.write_all(lines.join("\r\n").as_bytes()).unwrap();
        }
    });
    url
}
