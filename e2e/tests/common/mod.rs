//! What several test files need.

#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

use std::time::{Duration, Instant};

use vestibule_e2e::http::Client;
use vestibule_e2e::{CliOutput, Vestibule};

/// The host of every server that names no other.
pub(crate) const HOST: &str = "localhost";

/// A server for `localhost`, a key that may mint there, and a client.
pub(crate) struct TestServer {
    pub(crate) server: Vestibule,
    pub(crate) key: String,
    pub(crate) client: Client,
}

impl TestServer {
    pub(crate) fn new() -> Self {
        Self::of(Vestibule::builder().start().unwrap())
    }

    pub(crate) fn of(server: Vestibule) -> Self {
        let key = server.create_key(HOST).unwrap();
        Self { server, key, client: Client::new() }
    }

    /// Mints through the HTTP API and returns the link.
    pub(crate) fn mint(&self) -> String {
        let answer = self.client.mint(&self.server.url(), &self.key).unwrap();
        assert_eq!(answer.status, 201, "{answer:?}\n{}", self.server.stderr());
        answer.location().expect("a Location").to_owned()
    }

    /// The status of the page behind a link.
    pub(crate) fn status_of(&self, link: &str) -> u16 {
        self.client.open(&self.server.url(), link).unwrap().status
    }

    /// Panics unless every link opens; `when` says at which point.
    pub(crate) fn all_open<'a>(&self, links: impl IntoIterator<Item = &'a String>, when: &str) {
        for link in links {
            assert_eq!(self.status_of(link), 200, "{when}: acknowledged, but does not open: {link}");
        }
    }

    /// Runs the command line; panics unless it ends with 0. Returns stdout without white space around it.
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let output = self.server.cli(args).unwrap();
        assert!(output.success(), "{args:?}: {output}");
        output.text().to_owned()
    }

    /// Runs the command line, see [`fails`].
    pub(crate) fn fails(&self, args: &[&str], words: &[&str]) {
        fails(&self.server.cli(args).unwrap(), words);
    }

    /// Every invite there is, newest first, as `invites list --json` shows them.
    pub(crate) fn invites(&self) -> Vec<serde_json::Value> {
        let text = self.done(&["invites", "list", HOST, "--json"]);
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        value.as_array().expect("a list of invites").clone()
    }
}

/// Panics unless the command ended with 1 and said why in one line on stderr that holds all of `words`.
pub(crate) fn fails(output: &CliOutput, words: &[&str]) {
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(output.stdout.is_empty(), "a failure prints nothing on stdout: {output}");
    let lines: Vec<&str> = output.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "one clear line: {output}");
    assert!(lines[0].starts_with("Error: "), "{output}");
    for word in words {
        assert!(lines[0].to_lowercase().contains(&word.to_lowercase()), "no {word:?} in: {output}");
    }
}

/// Panics unless the command ended with 2 and said why on stderr.
pub(crate) fn misused(output: &CliOutput) {
    assert_eq!(output.code(), Some(2), "{output}");
    assert!(output.stdout.is_empty(), "wrong usage prints nothing on stdout: {output}");
    assert!(output.stderr.contains("--help") || output.stderr.contains("Usage:"), "{output}");
}

/// Asks again and again, for things that time alone brings; panics after `limit`.
pub(crate) fn eventually(what: &str, limit: Duration, mut asked: impl FnMut() -> bool) {
    let started = Instant::now();
    while !asked() {
        assert!(started.elapsed() < limit, "{what}: not within {limit:?}");
        std::thread::yield_now();
    }
}
