//! What holds of every body.

use axum::{body::Bytes, extract::FromRequest, response::IntoResponse};
use futures_util::FutureExt;
use http::{Request, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::body::Body;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    count: u32,
    #[serde(default)]
    names: Vec<String>,
}

/// A JSON body: what is read is what other parsers read, and equal requests have equal fingerprints. What is rejected is
/// the client's mistake.
pub fn json_body(bytes: &[u8]) {
    let request = Request::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .body(axum::body::Body::from(Bytes::copy_from_slice(bytes)));
    let Ok(request) = request else { return };
    let Some(outcome) = Body::from_request(request, &()).now_or_never() else {
        unreachable!("the body is complete");
    };
    let standard: Result<Map<String, Value>, _> = serde_json::from_slice(bytes);
    let body = match outcome {
        Ok(body) => body,
        Err(problem) => {
            assert_eq!(problem.into_response().status(), StatusCode::UNPROCESSABLE_ENTITY);
            return;
        }
    };
    assert!(standard.is_ok_and(|object| object == body.0));
    let text = Value::Object(body.0.clone()).to_string();
    let Ok(again) = serde_json::from_str(&text) else { unreachable!("an object was written: {text}") };
    assert_eq!(Body(again).fingerprint("/"), body.fingerprint("/"));
    let fields = body.0.clone();
    match body.read::<Sample>() {
        Ok(Sample { count, names }) => {
            assert_eq!(fields.get("count").map(Value::to_string), Some(count.to_string()));
            assert_eq!(fields.get("names").cloned().unwrap_or_else(|| json!([])), json!(names));
        }
        Err(problem) => assert_eq!(problem.into_response().status(), StatusCode::UNPROCESSABLE_ENTITY),
    }
}
