//! Requests to the JSON API, and checks of its responses.

use serde_json::{Value, json};
use vestibule_core::{Host, NewKey, Principal, Source};

use super::{Answer, TestServer};

impl TestServer {
    /// Creates a key for the host of the tests with these scopes.
    pub(crate) async fn key_for(&self, scopes: &str) -> String {
        self.key_with(NewKey { scopes: scopes.parse().unwrap(), ..NewKey::default() }).await
    }

    /// Creates a key with every scope for another host.
    pub(crate) async fn key_elsewhere(&self) -> String {
        let host = Host::parse("elsewhere.example").unwrap();
        self.invite_service.store().add_host(&host).await.unwrap();
        let operator = Principal::Operator { host, source: Source::cli() };
        let key = NewKey { scopes: "bridge".parse().unwrap(), ..NewKey::default() };
        self.invite_service.create_key(&operator, key).await.unwrap().1.expose()
    }

    /// Sends JSON, or no body for `null`.
    pub(crate) async fn json(&self, method: &str, path: &str, key: &str, body: Value) -> Answer {
        self.json_with(method, path, key, &[], body).await
    }

    pub(crate) async fn json_with(
        &self,
        method: &str,
        path: &str,
        key: &str,
        more: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        self.text(method, path, key, more, text).await
    }

    /// Sends a text as a JSON body.
    pub(crate) async fn text(
        &self,
        method: &str,
        path: &str,
        key: &str,
        more: &[(&str, &str)],
        body: impl Into<axum::body::Body>,
    ) -> Answer {
        let bearer = format!("Bearer {key}");
        let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        headers.extend(more);
        let answer = self.send_body(method, path, &headers, body).await;
        assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 26), "{method} {path}: no name");
        answer
    }

    /// Creates an invite and returns it as JSON.
    pub(crate) async fn create(&self, key: &str, body: Value) -> Value {
        self.json("POST", "/v1/invites", key, body).await.ok(201)
    }

    /// Checks the token of an invite.
    pub(crate) async fn check(&self, key: &str, invite: &Value) -> Answer {
        self.json("POST", "/v1/redemptions/check", key, json!({ "token": invite["token"] })).await
    }

    /// Claims a use of an invite.
    pub(crate) async fn claim(&self, key: &str, invite: &Value, username: &str) -> Answer {
        let body = json!({ "token": invite["token"], "username": username });
        self.json("POST", "/v1/redemptions", key, body).await
    }

    /// Completes a claim for `username` on the host of the tests.
    pub(crate) async fn complete(&self, key: &str, claim: &Value, username: &str) -> Answer {
        let body = json!({ "jid": format!("{username}@{}", super::HOST), "via": "ibr" });
        self.json("POST", &at("redemptions", claim, "/complete"), key, body).await
    }

    /// Returns the invite and its redemptions.
    pub(crate) async fn show(&self, key: &str, invite: &Value) -> Value {
        self.json("GET", &at("invites", &invite["id"], ""), key, Value::Null).await.ok(200)
    }
}

/// Returns the path of a resource.
pub(crate) fn at(what: &str, id: &Value, rest: &str) -> String {
    format!("/v1/{what}/{}{rest}", id.as_str().unwrap())
}

impl Answer {
    /// Asserts the status and returns the body.
    #[track_caller]
    pub(crate) fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.header("content-type"), Some("application/json"));
        self.json()
    }

    /// Asserts the status and an empty body.
    #[track_caller]
    pub(crate) fn nothing(&self, status: u16) {
        assert_eq!((self.status.as_u16(), self.body.as_str()), (status, ""));
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Asserts that the answer is a problem of this type for these fields, as in RFC 9457.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, name: &str, fields: &[&str], case: &str) {
        assert_eq!(self.status.as_u16(), status, "{case}: {}", self.body);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{case}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{case}");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:vestibule:problem:{name}"), "{case}: {}", self.body);
        assert_eq!(problem["status"], status, "{case}");
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"), "{case}");
        for text in ["title", "detail", "request_id"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{case}: {text}");
        }
        let errors: &[Value] = problem["errors"].as_array().map_or(&[], Vec::as_slice);
        let named: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(named, fields, "{case}: {}", self.body);
        assert!(errors.iter().all(|error| !error["message"].as_str().unwrap().is_empty()), "{case}");
        let may_wait = matches!(status, 429 | 503) || name == "token-busy";
        assert_eq!(self.header("retry-after").is_some(), may_wait, "{case}");
        let challenge = (status == 401).then_some("Bearer realm=\"vestibule\"");
        assert_eq!(self.header("www-authenticate"), challenge, "{case}");
    }
}
