//! Invalid requests: a table of requests and their answers.

mod bodies;
mod params;
mod raw;
mod types;
mod values;

use std::time::Duration;

use http_body_util::Limited;
use serde_json::{Value, json};

use super::super::test_server::TestServer;

// The requests that have a body.
const CREATE: (&str, &str) = ("POST", "/v1/invites");
const BATCH: (&str, &str) = ("POST", "/v1/invites/batch");
const EDIT: (&str, &str) = ("PATCH", "/v1/invites/ID");
const CHECK: (&str, &str) = ("POST", "/v1/redemptions/check");
const CLAIM: (&str, &str) = ("POST", "/v1/redemptions");
const COMPLETE: (&str, &str) = ("POST", "/v1/redemptions/CLAIM/complete");
const KEY: (&str, &str) = ("POST", "/v1/keys");

/// A request and its expected answer. `ID`, `CLAIM` and `TOKEN` are replaced by those of a valid invite.
struct Row {
    to: (&'static str, String),
    content_type: &'static str,
    body: Vec<u8>,
    status: u16,
    problem: &'static str,
    fields: Vec<String>,
}

impl Row {
    /// A JSON body in which these fields are invalid.
    fn invalid(to: (&'static str, &str), body: &Value, fields: &[&str]) -> Self {
        Self::text(to, body.to_string(), fields)
    }

    /// A body in which these fields are invalid.
    fn text(to: (&'static str, &str), body: impl Into<Vec<u8>>, fields: &[&str]) -> Self {
        Self {
            to: (to.0, to.1.to_owned()),
            content_type: "application/json",
            body: body.into(),
            status: 422,
            problem: "invalid",
            fields: fields.iter().map(ToString::to_string).collect(),
        }
    }
}

#[tokio::test]
async fn invalid_requests_name_their_fields_and_change_nothing() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let invite = server.create(&key, json!({ "note": "good" })).await;
    let claim = server.claim(&key, &invite, "bob").await.ok(201);
    let rows = types::rows().into_iter().chain(values::rows()).chain(bodies::rows());
    let rows: Vec<_> = rows.chain(raw::rows()).chain(params::rows()).collect();
    assert!(rows.len() > 400, "only {}", rows.len());
    let (before, changes) = (server.show(&key, &invite).await, server.changes().await);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, token, claim) = (text(&invite["id"]), text(&invite["token"]), text(&claim["claim"]));
    let bearer = format!("Bearer {key}");
    for row in rows {
        let path = row.to.1.replace("ID", &id).replace("CLAIM", &claim);
        let body = match String::from_utf8(row.body) {
            Ok(text) => text.replace("TOKEN", &token).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        let shown: String = String::from_utf8_lossy(&body).chars().take(200).collect();
        let case = format!("{} {} {shown}", row.to.0, row.to.1);
        let headers = [("authorization", bearer.as_str()), ("content-type", row.content_type)];
        let headers = if row.content_type.is_empty() { &headers[..1] } else { &headers };
        let answer = server.send_body(row.to.0, &path, headers, body).await;
        let fields: Vec<_> = row.fields.iter().map(String::as_str).collect();
        answer.problem(row.status, row.problem, &fields, &case);
        assert_eq!(server.changes().await, changes, "{case}");
    }
    assert_eq!(server.show(&key, &invite).await, before);
}

#[tokio::test]
async fn a_body_above_the_limit_is_too_large() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body = json!({ "note": "x".repeat(2000) }).to_string();
    for (bound, status) in [(body.len(), 201), (body.len() - 1, 413)] {
        let bounded = Limited::new(axum::body::Body::from(body.clone()), bound);
        let answer = server.text("POST", "/v1/invites", &key, &[], axum::body::Body::new(bounded)).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    }
    assert_eq!(server.minted().await, 1);
}

#[tokio::test]
async fn a_repeat_is_answered_after_its_expiry_has_passed() {
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let body = json!({ "expires_at": "2027-01-15T09:00:00Z" });
    server.advance(Duration::from_millis(3_599_999));
    server.create(&key, body.clone()).await;
    server.advance(Duration::from_millis(1));
    let answer = server.json("POST", "/v1/invites", &key, body).await;
    answer.problem(422, "invalid", &["expires_at"], "now");
}
