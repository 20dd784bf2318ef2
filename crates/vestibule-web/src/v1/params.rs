//! The parameters in a request's query.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use vestibule_core::Cursor;

use super::{body::Body, fields::FieldReader, problem::Problem};

/// Items of a page where the request does not say.
pub(super) const DEFAULT_LIMIT: u32 = 50;

/// The most items of a page.
pub(super) const MAX_LIMIT: u32 = 500;

/// The parameters as `T` names them, as text. Those that it does not name are refused by name.
pub(super) struct Params<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Where there are no parameters: what somebody passes all the same they mean to have an effect.
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
    /// A parameter that may be given.
    pub(super) fn param<T: FromStr>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        expected: &str,
    ) -> Option<T> {
        let text = text?;
        // Rust reads numbers with a sign, and the API has none of those.
        let read = if text.starts_with('+') { None } else { text.parse::<T>().ok() };
        self.keep(field, read.ok_or_else(|| format!("expected {expected}")))
    }

    /// How many items a page may hold.
    pub(super) fn limit(&mut self, text: Option<&str>) -> u32 {
        let expected = format!("a whole number from 1 to {MAX_LIMIT}");
        let limit = self.param("limit", text, &expected).unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            self.refuse("limit", format!("expected {expected}"));
        }
        limit
    }

    /// Where a page begins.
    pub(super) fn cursor(&mut self, text: Option<&str>) -> Option<Cursor> {
        let opaque: Option<OpaqueCursor> =
            self.param("cursor", text, "the next_cursor of the page before, unchanged");
        opaque.map(|OpaqueCursor(cursor)| cursor)
    }
}

/// A cursor as clients see it. What is in it is nobody's business, so that it may change.
#[derive(Debug, PartialEq)]
struct OpaqueCursor(Cursor);

/// Marks a text as a cursor of ours.
const MARK: char = 'c';

/// Writes a cursor.
pub(super) fn write_cursor(cursor: Cursor) -> String {
    format!("{MARK}{:x}", cursor.0)
}

impl FromStr for OpaqueCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix(MARK).ok_or(())?;
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
    fn only_known_parameters_and_each_once() {
        assert_eq!(read::<Sample>("limit=3").unwrap().limit.as_deref(), Some("3"));
        assert_eq!(read::<Sample>("").unwrap().limit, None);
        assert!(read::<Sample>("limt=3").is_err());
        assert!(read::<Sample>("limit=3&limit=3").is_err());
    }

    #[test]
    fn limits_have_bounds() {
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
    fn cursors_go_round() {
        for number in [0, 1, i64::MAX] {
            assert_eq!(write_cursor(Cursor(number)).parse(), Ok(OpaqueCursor(Cursor(number))));
        }
        for text in ["", "c", "1", "c-1", "c+1", "cG", "cffffffffffffffff"] {
            assert!(text.parse::<OpaqueCursor>().is_err(), "{text}");
        }
    }
}
