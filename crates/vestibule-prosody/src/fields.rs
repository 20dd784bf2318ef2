//! Fields of records of unknown quality.

use serde_json::{Map, Value};
use vestibule_core::Timestamp;

/// A text that is neither missing nor empty.
pub(crate) fn text<'a>(record: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    record.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// `true`; everything else is false, as in a record that lacks the field.
pub(crate) fn flag(record: &Map<String, Value>, name: &str) -> bool {
    record.get(name) == Some(&Value::Bool(true))
}

/// Seconds since 1970, which may have a fraction.
pub(crate) fn time(value: Option<&Value>) -> Option<Timestamp> {
    let seconds = value?.as_f64().filter(|seconds| (0.0..1e12).contains(seconds))?;
    #[expect(clippy::cast_possible_truncation, reason = "within the range that was checked")]
    Some(Timestamp::from_millis((seconds * 1000.0) as i64))
}

/// A list of texts. One text is a list of one; an empty Lua table is written as an object.
pub(crate) fn list(value: Option<Value>) -> Option<Vec<String>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::String(one)) => Some(vec![one]),
        Some(Value::Object(table)) if table.is_empty() => Some(Vec::new()),
        Some(Value::Array(items)) => {
            let text = |item| if let Value::String(text) = item { Some(text) } else { None };
            items.into_iter().map(text).collect()
        }
        Some(_) => None,
    }
}
