//! JSON request bodies.

use std::{error::Error, fmt};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
};
use http::{HeaderMap, StatusCode, header};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::{Map, Value};
use vestibule_core::FieldError;

use super::problem::Problem;
use crate::{http::BodyTimeout, problem_type::ProblemType};

/// A JSON object, not yet deserialized.
pub(super) struct Body(pub(super) Map<String, Value>);

/// An optional JSON object: a missing body is an empty object.
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
        Ok(Object { fields, repeated: None }) => Ok(Some(Body(fields))),
        Ok(Object { repeated: Some(name), .. }) => Err(Problem::field(name, "given more than once")),
        Err(error) if error.is_data() => {
            Err(Problem::field("body", "expected a JSON object, as in {\"note\": \"for Ann\"}"))
        }
        Err(error) => Err(Problem::field("body", format!("not JSON: {error}"))),
    }
}

/// An object that may repeat names. Parsers differ in which of the values they use, so such an object is rejected.
struct Object {
    fields: Map<String, Value>,
    repeated: Option<String>,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Object, A::Error> {
        let mut object = Object { fields: Map::new(), repeated: None };
        while let Some((name, value)) = entries.next_entry::<String, Value>()? {
            if object.fields.insert(name.clone(), value).is_some() {
                object.repeated = Some(name);
            }
        }
        Ok(object)
    }
}

impl Body {
    /// Deserializes the object. Unknown fields are rejected by name.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, Problem> {
        serde_path_to_error::deserialize(Value::Object(self.0)).map_err(|error| {
            let path = error.path().to_string();
            let message = error.into_inner().to_string();
            Problem::invalid(vec![name_field(&path, &message)])
        })
    }

    /// Canonical bytes of the request, to compare repeated requests.
    pub(super) fn fingerprint(&self, address: &str) -> Vec<u8> {
        let mut asked = address.as_bytes().to_vec();
        asked.extend_from_slice(Value::Object(self.0.clone()).to_string().as_bytes());
        asked
    }
}

/// Converts a deserialization error to one that names the field. It does not repeat values, which may be long or a
/// misplaced secret.
fn name_field(path: &str, message: &str) -> FieldError {
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let (name, known) = split_known(rest);
        return FieldError::new(name.to_owned(), format!("not a known field; {}", unquoted(known)));
    }
    if let Some(name) = message.strip_prefix("missing field `") {
        return FieldError::new(unquoted(name), "must be given");
    }
    let field = if path == "." { "body" } else { path };
    let message = match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {}", in_words(&unquoted(expected))),
        None => "out of range".to_owned(),
    };
    FieldError::new(field.to_owned(), message)
}

/// Splits the name of an unknown field, which can contain anything, from the list of known fields.
fn split_known(rest: &str) -> (&str, &str) {
    let ends = ["`, expected ", "`, there are no fields"];
    let end = ends.iter().filter_map(|end| rest.rfind(end)).max().unwrap_or(rest.len());
    (&rest[..end], rest[end..].trim_start_matches("`, "))
}

/// The expected type in terms of JSON.
fn in_words(expected: &str) -> &str {
    match expected {
        "u32" => "a whole number from 0 to 4294967295",
        "a sequence" => "a list",
        "a map" => "an object",
        other => other,
    }
}

fn unquoted(text: &str) -> String {
    text.replace('`', "")
}

/// Whether the type is `application/json` or has the suffix `+json` (RFC 6838 section 4.2.8).
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
        return Problem::new(&ProblemType::TOO_LARGE, "The body exceeds the maximum size.");
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause.filter(|error| !error.is::<BodyTimeout>()) {
        cause = error.source();
    }
    if cause.is_some() {
        return Problem::new(&ProblemType::REQUEST_TIMEOUT, "The body did not arrive in time.");
    }
    Problem::field("body", "could not be read completely")
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!(error(json!({ "count": 1, "a`, expected b": 1 })).field, "a`, expected b");
        let message = "expected a whole number from 0 to 4294967295";
        assert_eq!(error(json!({ "count": "1" })), FieldError::new("count", message));
        assert_eq!(error(json!({ "count": 1, "names": ["a", 2] })).field, "names[1]");
        assert_eq!(error(json!({ "count": -1 })).field, "count");
    }

    #[test]
    fn json_media_types_are_recognized() {
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
