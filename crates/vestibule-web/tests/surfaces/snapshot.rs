//! Snapshots of whole responses: status, headers and body.

use std::fmt::Write;

use serde_json::{Value, json};

use super::test_server::Answer;

/// A response as text. Values that depend on the time of the test run, or on the content of a static file, are replaced.
pub(crate) fn text(answer: &Answer) -> String {
    let mut text = format!("{}\n", answer.status);
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    headers.sort_unstable();
    for (name, value) in headers {
        let value = match name {
            "x-request-id" => "[request id]".to_owned(),
            "etag" => "[etag]".to_owned(),
            "content-length" if answer.header("content-type").is_some_and(is_html) => "[length]".to_owned(),
            _ => without_hashes(value),
        };
        writeln!(text, "{name}: {value}").unwrap();
    }
    let body = match serde_json::from_str::<Value>(&answer.body) {
        Ok(mut body) => {
            if body.get("request_id").is_some() {
                body["request_id"] = json!("[request id]");
            }
            serde_json::to_string_pretty(&body).unwrap()
        }
        Err(_) => without_hashes(&answer.body),
    };
    format!("{text}\n{body}")
}

fn is_html(content_type: &str) -> bool {
    content_type.starts_with("text/html")
}

/// Replaces the hashes in a content security policy and in the names of static files.
fn without_hashes(text: &str) -> String {
    let is_end = ['\'', '"', ' ', '.'];
    let mut text = text.to_owned();
    for (before, length) in [
        ("sha256-", 44),
        ("/static/style-", 16),
        ("/static/more-", 16),
        ("/static/form-", 16),
        ("/static/welcome-", 16),
        ("/static/docs-", 16),
    ] {
        let mut rest = text.as_str();
        let mut shown = String::new();
        while let Some((head, tail)) = rest.split_once(before) {
            let hash = &tail[..length];
            assert!(!hash.contains(is_end), "{before}{hash}");
            write!(shown, "{head}{before}[hash]").unwrap();
            rest = &tail[length..];
        }
        shown.push_str(rest);
        text = shown;
    }
    text
}

/// Compares a response with its snapshot in the folder `snapshots` beside the test.
macro_rules! snapshot {
    ($name:literal, $answer:expr) => {
        let text = $crate::surfaces::snapshot::text(&$answer);
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
            insta::assert_snapshot!($name, text);
        });
    };
}
pub(crate) use snapshot;
