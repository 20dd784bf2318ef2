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

/// Seconds since 1970, which may have a fraction. Numbers beyond the range of a timestamp are its ends.
pub(crate) fn time(value: Option<&Value>) -> Option<Timestamp> {
    let Value::Number(number) = value? else { return None };
    // `as_f64` has no value for 1e9999, which is infinite.
    let seconds = number.as_f64().or_else(|| number.to_string().parse().ok())?;
    let millis = (seconds * 1000.0).clamp(0.0, 1e15);
    #[expect(clippy::cast_possible_truncation, reason = "within the range that was checked")]
    Some(Timestamp::from_millis(millis as i64))
}

/// `text` as a label: control characters for which `is_allowed` is false become spaces, the ends are trimmed, and the
/// rest is cut to `max_bytes`. `None` if it is a label already.
pub(crate) fn cleaned(text: &str, max_bytes: usize, is_allowed: fn(char) -> bool) -> Option<String> {
    let is_odd = |letter: char| letter.is_control() && !is_allowed(letter);
    if text.len() <= max_bytes && !text.contains(is_odd) {
        return None;
    }
    let spaced = text.replace(is_odd, " ");
    let spaced = spaced.trim();
    Some(spaced[..spaced.floor_char_boundary(max_bytes)].trim_end().to_owned())
}

/// Names, as a list, a set (Prosody 0.12 stores `roles = { ["prosody:admin"] = true }`), or one text, which is a list of
/// one. An empty Lua table is an empty set. The names of a set are sorted.
pub(crate) fn names(value: Option<Value>) -> Option<Vec<String>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::String(one)) => Some(vec![one]),
        Some(Value::Object(set)) => {
            let member = |(name, is_in)| match is_in {
                Value::Bool(true) => Some(Some(name)),
                Value::Bool(false) => Some(None),
                _ => None,
            };
            let members: Option<Vec<_>> = set.into_iter().map(member).collect();
            let mut names: Vec<String> = members?.into_iter().flatten().collect();
            names.sort();
            Some(names)
        }
        Some(Value::Array(items)) => {
            let text = |item| if let Value::String(text) = item { Some(text) } else { None };
            items.into_iter().map(text).collect()
        }
        Some(_) => None,
    }
}
