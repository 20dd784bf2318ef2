//! A private server, nodes on it, and those who ask them.

use std::time::{Duration, Instant};

use private_postgres::Server;
use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::Vestibule;
use vestibule_e2e::http::{Client, Response};

use crate::common::{self, HOST};

/// Within this time after a fault is over, all works again.
pub(crate) const SECONDS: Duration = Duration::from_secs(10);

pub(crate) struct TestServer {
    pub(crate) nodes: Vec<Vestibule>,
    pub(crate) key: String,
    pub(crate) client: Client,
    pub(crate) server: Server,
    pub(crate) place: TempDir,
}

/// A node on the database at `url`. All nodes have the seal key in `place`.
pub(crate) fn node(place: &TempDir, url: &str, number: usize) -> Vestibule {
    Vestibule::builder()
        .data_dir(place.path().join(format!("node{number}")))
        .arg("--public-url")
        .arg("https://example.com")
        .env("VESTIBULE_DATABASE", url)
        .env("VESTIBULE_SEAL_KEY_FILE", place.path().join("seal.key"))
        .start()
        .unwrap()
}

impl TestServer {
    /// So many nodes on a new server.
    pub(crate) fn new(count: usize) -> Self {
        let server = Server::start(&[]).unwrap();
        let url = server.create_database("invites").unwrap();
        Self::on(server, &vec![url; count])
    }

    /// Nodes on a server, each reaching it by its own URL.
    pub(crate) fn on(server: Server, urls: &[String]) -> Self {
        let place = TempDir::new().unwrap();
        let nodes: Vec<_> = urls.iter().enumerate().map(|(number, url)| node(&place, url, number)).collect();
        let key = nodes[0].create_key_with(HOST, &["Bridge", "--scope", "bridge"]).unwrap();
        Self { nodes, key, client: Client::new(), server, place }
    }

    pub(crate) fn mint(&self, node: usize) -> Response {
        self.client.mint(&self.nodes[node].url(), &self.key).unwrap()
    }

    /// Mints; panics unless that works.
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

    /// Panics unless each link opens on each node.
    pub(crate) fn all_open(&self, links: &[String]) {
        for (number, link) in links.iter().enumerate() {
            let node = &self.nodes[number % self.nodes.len()];
            let answer = self.client.open(&node.url(), link).unwrap();
            assert_eq!(answer.status, 200, "acknowledged, but does not open: {link}\n{}", node.stderr());
        }
    }

    /// Waits until every node mints and is ready again; how long that took.
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

/// A refusal that says when to come again, and nothing about the inside.
pub(crate) fn assert_refusal(answer: &Response) {
    assert_eq!(answer.status, 503, "{answer:?}");
    let text = answer.text().to_lowercase();
    match answer.header("retry-after").map(str::parse::<u32>) {
        Some(seconds) => assert!(matches!(seconds, Ok(1..=600)), "{answer:?}"),
        // What may have been done is not to be repeated blindly.
        None => assert!(text.contains("not known whether"), "{answer:?}"),
    }
    assert!(!text.contains("postgres") && !text.contains("sql"), "says nothing about the inside: {text}");
}
