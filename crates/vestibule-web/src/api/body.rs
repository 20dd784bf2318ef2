//! The JSON in a request's body.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
};
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use vestibule_core::FieldError;

use super::problem::{Problem, ProblemType};

/// A JSON object, not yet looked at.
pub(super) struct Body(pub(super) Map<String, Value>);

/// The same where there is nothing that must be said: no body at all is an empty one.
pub(super) struct OptionalBody(pub(super) Body);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        object(request, state).await?.ok_or_else(|| Problem::field("body", "must be given: a JSON object"))
    }
}

impl<S: Send + Sync> FromRequest<S> for OptionalBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Ok(Self(object(request, state).await?.unwrap_or_else(|| Body(Map::new()))))
    }
}

/// The object in a request's body; `None` for no body at all.
async fn object<S: Send + Sync>(request: Request, state: &S) -> Result<Option<Body>, Problem> {
    let is_json = is_json(request.headers());
    let bytes = Bytes::from_request(request, state).await.map_err(|error| unreadable(&error))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if !is_json {
        let detail = "Send the body as JSON, with \"Content-Type: application/json\".";
        return Err(Problem::new(&ProblemType::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(Some(Body(object))),
        Ok(_) => Err(Problem::field("body", "expected a JSON object, as in {\"note\": \"for Ann\"}")),
        Err(error) => Err(Problem::field("body", format!("not JSON: {error}"))),
    }
}

impl Body {
    /// Reads the object as what it should be. Fields that are not known are refused by name.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, Problem> {
        serde_path_to_error::deserialize(Value::Object(self.0)).map_err(|error| {
            let path = error.path().to_string();
            let message = error.into_inner().to_string();
            Problem::invalid(vec![name_field(&path, &message)])
        })
    }

    /// The object as text, the same for the same object: what a request asks for.
    pub(super) fn fingerprint(&self, address: &str) -> Vec<u8> {
        let mut asked = address.as_bytes().to_vec();
        asked.extend_from_slice(Value::Object(self.0.clone()).to_string().as_bytes());
        asked
    }
}

/// Turns an error of the reader into one that names the field.
fn name_field(path: &str, message: &str) -> FieldError {
    // What is wrong with the object itself, the reader says in words, with the name in backquotes.
    if path == "." || message.starts_with("unknown field") || message.starts_with("missing field") {
        let name = message.split('`').nth(1).unwrap_or("body");
        return match message.split_once(' ').map(|(first, _)| first) {
            Some("unknown") => {
                let known = message.split_once(", expected").map_or("", |(_, known)| known.trim());
                FieldError::new(name.to_owned(), format!("not a known field; expected {}", unquoted(known)))
            }
            Some("missing") => FieldError::new(name.to_owned(), "must be given"),
            _ => FieldError::new("body", unquoted(message)),
        };
    }
    FieldError::new(path.to_owned(), unquoted(message))
}

fn unquoted(text: &str) -> String {
    text.replace('`', "")
}

/// `application/json`, or a type that is written in it (RFC 6838 section 4.2.8), as
/// `application/merge-patch+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence
        .strip_prefix("application/")
        .is_some_and(|subtype| subtype == "json" || (subtype.ends_with("+json") && subtype.len() > 5))
}

fn unreadable(error: &BytesRejection) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(&ProblemType::TOO_LARGE, "No request of this API needs so large a body.");
    }
    Problem::field("body", "could not be read to its end")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read by serde")]
    struct Sample {
        count: u32,
        #[serde(default)]
        names: Vec<String>,
    }

    fn error(value: Value) -> FieldError {
        let path_error = serde_path_to_error::deserialize::<_, Sample>(value).unwrap_err();
        let path = path_error.path().to_string();
        name_field(&path, &path_error.into_inner().to_string())
    }

    #[test]
    fn errors_name_the_field() {
        assert_eq!(error(json!({ "count": 1, "nmaes": [] })).field, "nmaes");
        assert_eq!(error(json!({ "names": [] })), FieldError::new("count", "must be given"));
        assert_eq!(error(json!({ "count": "1" })).field, "count");
        assert_eq!(error(json!({ "count": 1, "names": ["a", 2] })).field, "names[1]");
        assert_eq!(error(json!({ "count": -1 })).field, "count");
    }

    #[test]
    fn json_goes_by_many_names() {
        let table = [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/merge-patch+json", true),
            ("application/x-www-form-urlencoded", false),
            ("text/json", false),
            ("application/+json", false),
        ];
        for (value, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            assert_eq!(is_json(&headers), expected, "{value}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
