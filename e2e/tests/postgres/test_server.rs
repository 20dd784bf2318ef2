//! A private PostgreSQL server with nodes and clients.

use std::time::{Duration, Instant};

use private_postgres::Server;
use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::Vestibule;
use vestibule_e2e::http::{Client, Response};

use crate::common::{self, HOST};

/// The longest time after a fault until everything works.
pub(crate) const SECONDS: Duration = Duration::from_secs(10);

pub(crate) struct TestServer {
    pub(crate) nodes: Vec<Vestibule>,
    pub(crate) key: String,
    pub(crate) client: Client,
    pub(crate) server: Server,
    pub(crate) directory: TempDir,
}

/// Starts a node on the database at `url`. All nodes use the seal key in `directory`.
pub(crate) fn node(directory: &TempDir, url: &str, number: usize) -> Vestibule {
    Vestibule::builder()
        .data_dir(directory.path().join(format!("node{number}")))
        .arg("--public-url")
        .arg("https://example.com")
        .env("VESTIBULE_DATABASE", url)
        .env("VESTIBULE_SEAL_KEY_FILE", directory.path().join("seal.key"))
        .start()
        .unwrap()
}

impl TestServer {
    /// Starts nodes on a new server.
    pub(crate) fn new(count: usize) -> Self {
        let server = Server::start(&[]).unwrap();
        let url = server.create_database("invites").unwrap();
        Self::on(server, &vec![url; count])
    }

    /// Starts nodes on a server, each with its own URL.
    pub(crate) fn on(server: Server, urls: &[String]) -> Self {
        let directory = TempDir::new().unwrap();
        let nodes: Vec<_> =
            urls.iter().enumerate().map(|(number, url)| node(&directory, url, number)).collect();
        let key = nodes[0].create_key_with(HOST, &["Bridge", "--scope", "bridge"]).unwrap();
        Self { nodes, key, client: Client::new(), server, directory }
    }

    pub(crate) fn mint(&self, node: usize) -> Response {
        self.client.mint(&self.nodes[node].url(), &self.key).unwrap()
    }

    /// Creates an invite and returns its link.
    pub(crate) fn minted(&self, node: usize) -> String {
        let answer = self.mint(node);
        assert_eq!(answer.status, 201, "{answer:?}\n{}", self.nodes[node].stderr());
        answer.location().unwrap().to_owned()
    }

    pub(crate) fn post(&self, node: usize, path: &str, body: &Value) -> Response {
        post(&self.client, &self.nodes[node].url(), &self.key, path, body)
    }

    pub(crate) fn ready(&self, node: usize) -> u16 {
        self.client.get(&format!("{}/readyz", self.nodes[node].url())).unwrap().status
    }

    /// Asserts that every link opens on every node.
    pub(crate) fn all_open(&self, links: &[String]) {
        for (number, link) in links.iter().enumerate() {
            let node = &self.nodes[number % self.nodes.len()];
            let answer = self.client.open(&node.url(), link).unwrap();
            assert_eq!(answer.status, 200, "acknowledged, but does not open: {link}\n{}", node.stderr());
        }
    }

    /// Waits until every node is ready and creates invites again. Returns the duration.
    pub(crate) fn recovers(&self, links: &mut Vec<String>) -> Duration {
        let begun = Instant::now();
        for node in 0..self.nodes.len() {
            common::eventually("minting goes on", SECONDS, || {
                let answer = self.mint(node);
                if answer.status != 201 {
                    assert_refusal(&answer);
                }
                links.extend(answer.location().map(str::to_owned));
                answer.status == 201
            });
        }
        let took = begun.elapsed();
        for node in 0..self.nodes.len() {
            common::eventually("/readyz", SECONDS, || self.ready(node) == 200);
        }
        took
    }
}

pub(crate) fn post(client: &Client, base: &str, key: &str, path: &str, body: &Value) -> Response {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    client.send("POST", &format!("{base}{path}"), &headers, Some(body.to_string().as_bytes())).unwrap()
}

pub(crate) fn claim(token: &str, username: &str) -> Value {
    json!({ "token": token, "username": username })
}

/// Asserts a refusal with a retry time and without internal details.
pub(crate) fn assert_refusal(answer: &Response) {
    assert_eq!(answer.status, 503, "{answer:?}");
    let text = answer.text().to_lowercase();
    match answer.header("retry-after").map(str::parse::<u32>) {
        Some(seconds) => assert!(matches!(seconds, Ok(1..=600)), "{answer:?}"),
        // With an unknown outcome there is no retry time.
        None => assert!(text.contains("may or may not"), "{answer:?}"),
    }
    assert!(!text.contains("postgres") && !text.contains("sql"), "no internal details: {text}");
}
