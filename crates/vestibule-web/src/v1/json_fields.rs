//! A deserializer of JSON whose errors name the field in the terms of JSON.
//!
//! The errors of `serde_json` say what is wrong in English alone, and with the values of the request, which may be long
//! or a misplaced secret.

use std::fmt::{self, Display};

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error, Expected, IntoDeserializer, Unexpected, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};
use vestibule_core::FieldError;

/// Deserializes an object.
pub(super) fn deserialize<T: DeserializeOwned>(object: Map<String, Value>) -> Result<T, FieldError> {
    let value = Json { path: String::new(), value: Value::Object(object) };
    T::deserialize(value).map_err(|InvalidField { field, message }| {
        FieldError::new(field.unwrap_or_else(|| "body".to_owned()), message)
    })
}

/// A value, and where it is in the body: `groups[1]`.
struct Json {
    path: String,
    value: Value,
}

impl Json {
    fn expected<T>(self, what: &str) -> Result<T, InvalidField> {
        Err(InvalidField { field: Some(self.path), message: format!("expected {what}") })
    }

    fn child(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

impl<'de> Deserializer<'de> for Json {
    type Error = InvalidField;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidField> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            // As it was written, with all digits.
            Value::Number(value) => value.deserialize_any(visitor).map_err(InvalidField::custom),
            Value::String(value) => visitor.visit_string(value),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidField> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidField> {
        match self.value {
            Value::Bool(value) => visitor.visit_bool(value),
            _ => self.expected("a boolean"),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidField> {
        match self.value.as_u64().and_then(|value| u32::try_from(value).ok()) {
            Some(value) => visitor.visit_u32(value),
            None => self.expected("a whole number from 0 to 4294967295"),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidField> {
        match self.value {
            Value::String(value) => visitor.visit_string(value),
            _ => self.expected("a string"),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidField> {
        self.deserialize_string(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, InvalidField> {
        let Value::Array(items) = self.value.take() else { return self.expected("a list") };
        let items = items.into_iter().enumerate();
        let items = items.map(|(index, value)| Self { path: format!("{}[{index}]", self.path), value });
        visitor.visit_seq(SeqDeserializer::new(items))
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, InvalidField> {
        let Value::Object(members) = self.value.take() else { return self.expected("an object") };
        let members = members.into_iter().map(|(name, value)| {
            let path = self.child(&name);
            (name, Self { path, value })
        });
        visitor.visit_map(MapDeserializer::new(members))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, InvalidField> {
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 f64 char bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct enum identifier ignored_any
    }
}

impl IntoDeserializer<'_, InvalidField> for Json {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A field that cannot be read.
#[derive(Debug)]
struct InvalidField {
    /// `None`: the whole body.
    field: Option<String>,
    message: String,
}

impl std::error::Error for InvalidField {}

impl Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for InvalidField {
    fn custom<T: Display>(_: T) -> Self {
        Self { field: None, message: "out of range".to_owned() }
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self { field: None, message: format!("expected {expected}") }
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let known = match expected {
            [] => "there are no fields".to_owned(),
            [one] => format!("expected {one}"),
            [one, other] => format!("expected {one} or {other}"),
            many => format!("expected one of {}", many.join(", ")),
        };
        Self { field: Some(field.to_owned()), message: format!("not a known field; {known}") }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { field: Some(field.to_owned()), message: "must be given".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        count: u32,
        #[serde(default)]
        names: Option<Vec<String>>,
        #[serde(default)]
        data: Option<Map<String, Value>>,
        #[serde(default)]
        done: bool,
    }

    fn read(value: Value) -> Result<Sample, FieldError> {
        let Value::Object(object) = value else { panic!("{value}") };
        deserialize(object)
    }

    #[test]
    fn errors_name_the_field() {
        let whole = "expected a whole number from 0 to 4294967295";
        for (value, field, message) in [
            (json!({ "names": [] }), "count", "must be given"),
            (json!({ "count": "1" }), "count", whole),
            (json!({ "count": -1 }), "count", whole),
            (json!({ "count": 1.0 }), "count", whole),
            (json!({ "count": null }), "count", whole),
            (json!({ "count": 1, "names": ["a", 2] }), "names[1]", "expected a string"),
            (json!({ "count": 1, "names": "a" }), "names", "expected a list"),
            (json!({ "count": 1, "data": [] }), "data", "expected an object"),
            (json!({ "count": 1, "done": 1 }), "done", "expected a boolean"),
        ] {
            assert_eq!(read(value.clone()).unwrap_err(), FieldError::new(field, message), "{value}");
        }
    }

    #[test]
    fn unknown_fields_are_named_with_the_known_ones() {
        let known = "not a known field; expected one of count, names, data, done";
        for name in ["nmaes", "a`, expected b", "", "\0"] {
            assert_eq!(read(json!({ "count": 1, name: 1 })).unwrap_err(), FieldError::new(name, known));
        }
    }

    #[test]
    fn free_data_is_kept_as_it_was_written() {
        let text = r#"{"count":1,"data":{"b":1.10,"a":[123456789012345678901234567890,{"c":null}],"d":true},"done":true}"#;
        let sample = read(serde_json::from_str(text).unwrap()).unwrap();
        assert_eq!((sample.count, sample.done, sample.names), (1, true, None));
        let data = Value::Object(sample.data.unwrap()).to_string();
        assert_eq!(data, r#"{"b":1.10,"a":[123456789012345678901234567890,{"c":null}],"d":true}"#);
    }
}
