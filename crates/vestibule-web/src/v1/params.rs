//! Query parameters.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use vestibule_core::Cursor;

use super::{body::Body, fields::FieldReader, problem::Problem};

/// Default number of items of a page.
pub(super) const DEFAULT_LIMIT: u32 = 50;

/// Maximum number of items of a page.
pub(super) const MAX_LIMIT: u32 = 500;

/// The parameters of `T`, as text. Unknown parameters are rejected by name.
pub(super) struct Params<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// No parameters. Given ones are rejected, because the client expects an effect of them.
pub(super) struct NoParams;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl<S: Send + Sync> FromRequestParts<S> for NoParams {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(|Nothing {}| Self)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let mut values = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let before = values.insert(name.to_string(), Value::String(value.into_owned()));
        if before.is_some() {
            return Err(Problem::field(name.into_owned(), "given more than once"));
        }
    }
    Body(values).read()
}

impl FieldReader {
    /// An optional parameter.
    pub(super) fn param<T: FromStr>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        expected: &str,
    ) -> Option<T> {
        let text = text?;
        // Rust parses numbers with a sign, which the API does not allow.
        let read = if text.starts_with('+') { None } else { text.parse::<T>().ok() };
        self.value_or_error(field, read.ok_or_else(|| format!("expected {expected}")))
    }

    /// The `limit` parameter.
    pub(super) fn limit(&mut self, text: Option<&str>) -> u32 {
        let expected = format!("a whole number from 1 to {MAX_LIMIT}");
        let limit = self.param("limit", text, &expected).unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            self.refuse("limit", format!("expected {expected}"));
        }
        limit
    }

    /// The `cursor` parameter.
    pub(super) fn cursor(&mut self, text: Option<&str>) -> Option<Cursor> {
        let opaque: Option<OpaqueCursor> =
            self.param("cursor", text, "the next_cursor of the previous page, unchanged");
        opaque.map(|OpaqueCursor(cursor)| cursor)
    }
}

/// A cursor in its external form. It is opaque to clients, so that its format can change.
#[derive(Debug, PartialEq)]
struct OpaqueCursor(Cursor);

/// Prefix of cursors.
const PREFIX: char = 'c';

/// Writes a cursor.
pub(super) fn write_cursor(cursor: Cursor) -> String {
    format!("{PREFIX}{:x}", cursor.0)
}

impl FromStr for OpaqueCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix(PREFIX).ok_or(())?;
        let canonical = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
        let number = i64::from_str_radix(digits, 16).map_err(|_| ())?;
        if canonical { Ok(Self(Cursor(number))) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        limit: Option<String>,
    }

    #[test]
    fn unknown_and_repeated_parameters_are_rejected() {
        assert_eq!(read::<Sample>("limit=3").unwrap().limit.as_deref(), Some("3"));
        assert_eq!(read::<Sample>("").unwrap().limit, None);
        assert!(read::<Sample>("limt=3").is_err());
        assert!(read::<Sample>("limit=3&limit=3").is_err());
    }

    #[test]
    fn the_limit_is_checked() {
        for (text, good) in [
            ("1", true),
            ("500", true),
            ("0", false),
            ("501", false),
            ("-1", false),
            ("x", false),
            ("+1", false),
        ] {
            let mut fields = FieldReader::default();
            fields.limit(Some(text));
            assert_eq!(fields.finish().is_ok(), good, "{text}");
        }
    }

    #[test]
    fn cursors_round_trip() {
        for number in [0, 1, i64::MAX] {
            assert_eq!(write_cursor(Cursor(number)).parse(), Ok(OpaqueCursor(Cursor(number))));
        }
        for text in ["", "c", "1", "c-1", "c+1", "cG", "cffffffffffffffff"] {
            assert!(text.parse::<OpaqueCursor>().is_err(), "{text}");
        }
    }
}
