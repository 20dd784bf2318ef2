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

use super::{json_fields, problem::Problem};
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
        json_fields::deserialize(self.0).map_err(|error| Problem::invalid(vec![error]))
    }

    /// Canonical bytes of the request, to compare repeated requests.
    pub(super) fn fingerprint(&self, address: &str) -> Vec<u8> {
        let mut asked = address.as_bytes().to_vec();
        asked.extend_from_slice(Value::Object(self.0.clone()).to_string().as_bytes());
        asked
    }
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
