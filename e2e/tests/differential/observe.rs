//! Reduces the answers of a server to comparable values.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use vestibule_e2e::http::{Response, exchange};

use crate::cases::Case;

/// The values of an answer by aspect: `status`, the name of a header, or `body`.
pub(crate) type Aspects = BTreeMap<String, String>;

/// The value of a missing aspect.
pub(crate) const ABSENT: &str = "-";

/// Headers that depend on the connection or the time.
const TRANSPORT: [&str; 3] = ["connection", "date", "keep-alive"];

/// One server and its keys.
pub(crate) struct Side {
    pub(crate) addr: SocketAddr,
    /// A valid key.
    pub(crate) key: String,
    /// A valid key with a part that begins with `-` or `_`.
    pub(crate) odd: String,
    /// A deleted key.
    pub(crate) deleted: String,
}

impl Side {
    /// Replaces the placeholders by this server's keys.
    fn fill(&self, text: &str) -> String {
        let (id, secret) = self.key.split_once('/').expect("not an ID/SECRET");
        let wrong = format!("{id}/{}", "x".repeat(secret.len()));
        [
            ("{key}", self.key.as_str()),
            ("{id}", id),
            ("{secret}", secret),
            ("{wrong}", &wrong),
            ("{escaped}", &self.key.replace('/', "%2F")),
            ("{odd}", &self.odd),
            ("{deleted}", &self.deleted),
        ]
        .iter()
        .fold(text.to_owned(), |text, (hole, value)| text.replace(hole, value))
    }

    /// Sends the request and returns the reduced answer.
    pub(crate) fn answer(&self, case: &Case) -> Aspects {
        let headers: Vec<(&str, String)> =
            case.headers.iter().map(|(name, value)| (*name, self.fill(value))).collect();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let response = exchange(self.addr, case.method, &self.fill(case.target), &headers, b"")
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        reduce(&response, case.method)
    }
}

/// Replaces values that differ in every answer by their form.
fn reduce(response: &Response, method: &str) -> Aspects {
    let mut aspects = Aspects::new();
    aspects.insert("status".to_owned(), response.status.to_string());
    aspects.insert("body".to_owned(), if response.body.is_empty() { "empty" } else { "some" }.to_owned());
    let names: BTreeSet<&str> = response.headers.iter().map(|(name, _)| name.as_str()).collect();
    for name in names.into_iter().filter(|name| !TRANSPORT.contains(name)) {
        let values = response.all(name).join(", ");
        let value = match name {
            "location" => location(&values),
            "content-length" => length(&values, response.body.len(), method).to_owned(),
            "content-security-policy" => "a policy".to_owned(),
            "access-control-allow-methods"
            | "access-control-allow-headers"
            | "allow"
            | "vary"
            | "access-control-expose-headers" => sorted(&values),
            _ => values,
        };
        aspects.insert(name.to_owned(), value);
    }
    aspects
}

/// Returns whether `Content-Length` is correct. The answer to HEAD has a length and no body.
fn length(declared: &str, sent: usize, method: &str) -> &'static str {
    if declared == sent.to_string() || method == "HEAD" { "right" } else { "wrong" }
}

fn location(value: &str) -> String {
    match value.split_once(':') {
        Some(("http" | "https", _)) => "a web page".to_owned(),
        Some(("xmpp", _)) => "an xmpp: URI".to_owned(),
        _ => value.to_owned(),
    }
}

/// Sorts a list without a meaningful order.
fn sorted(list: &str) -> String {
    let words: BTreeSet<&str> = list.split(',').map(str::trim).collect();
    words.into_iter().collect::<Vec<_>>().join(", ")
}
