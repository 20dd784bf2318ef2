//! Functions shared by the test files.

#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::{CliOutput, Vestibule, vestibule_command};

/// The default host.
pub(crate) const HOST: &str = "localhost";

/// A server for `localhost`, a key of the host, and a client.
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

    /// Creates an invite with `/invites_api` and returns its link.
    pub(crate) fn mint(&self) -> String {
        let answer = self.client.mint(&self.server.url(), &self.key).unwrap();
        assert_eq!(answer.status, 201, "{answer:?}\n{}", self.server.stderr());
        answer.location().expect("a Location").to_owned()
    }

    /// Returns the status of the page of a link.
    pub(crate) fn status_of(&self, link: &str) -> u16 {
        self.client.open(&self.server.url(), link).unwrap().status
    }

    /// Asserts that every link opens; `when` describes the point in time.
    pub(crate) fn all_open<'a>(&self, links: impl IntoIterator<Item = &'a String>, when: &str) {
        for link in links {
            assert_eq!(self.status_of(link), 200, "{when}: acknowledged, but does not open: {link}");
        }
    }

    /// Runs a command that must end with 0 and returns the trimmed stdout.
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let output = self.server.cli(args).unwrap();
        assert!(output.success(), "{args:?}: {output}");
        output.text().to_owned()
    }

    /// Runs a command that must fail; see [`fails`].
    pub(crate) fn fails(&self, args: &[&str], texts: &[&str]) {
        fails(&self.server.cli(args).unwrap(), texts);
    }

    /// Returns all invites, newest first, from `invites list --json`.
    pub(crate) fn invites(&self) -> Vec<serde_json::Value> {
        let text = self.done(&["invites", "list", HOST, "--json"]);
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        value.as_array().expect("a list of invites").clone()
    }
}

/// Asserts that the command ended with 1 and one line on stderr that contains all of `texts`.
pub(crate) fn fails(output: &CliOutput, texts: &[&str]) {
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(output.stdout.is_empty(), "a failure prints nothing on stdout: {output}");
    let lines: Vec<&str> = output.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "one clear line: {output}");
    assert!(lines[0].starts_with("Error: "), "{output}");
    for word in texts {
        assert!(lines[0].to_lowercase().contains(&word.to_lowercase()), "no {word:?} in: {output}");
    }
}

/// Asserts that the command ended with 2 and a message on stderr.
pub(crate) fn misused(output: &CliOutput) {
    assert_eq!(output.code(), Some(2), "{output}");
    assert!(output.stdout.is_empty(), "wrong usage prints nothing on stdout: {output}");
    assert!(output.stderr.contains("--help") || output.stderr.contains("Usage:"), "{output}");
}

/// Waits until the condition is true; panics after `limit`.
pub(crate) fn eventually(what: &str, limit: Duration, mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < limit, "{what}: not within {limit:?}");
        std::thread::yield_now();
    }
}

/// Runs a command on a data directory.
pub(crate) fn on(directory: &Path, args: &[&str]) -> CliOutput {
    let mut command = vestibule_command(args).unwrap();
    command.arg("--data-dir").arg(directory);
    CliOutput::of(command).unwrap()
}

/// Redeems an invite like an XMPP server.
pub(crate) fn redeem(test_server: &TestServer, bridge: &str, token: &str, username: &str) {
    let bearer = format!("Bearer {bridge}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let post = |path: &str, body: &Value| -> Value {
        let url = format!("{}{path}", test_server.server.url());
        let answer =
            test_server.client.send("POST", &url, &headers, Some(body.to_string().as_bytes())).unwrap();
        assert!(answer.status < 300, "{answer:?}");
        serde_json::from_str(&answer.text()).unwrap()
    };
    let claim = post("/v1/redemptions", &json!({ "token": token, "username": username }));
    let path = format!("/v1/redemptions/{}/complete", claim["claim"].as_str().unwrap());
    post(&path, &json!({ "jid": format!("{username}@{HOST}"), "via": "web" }));
}
