//! One object on the standard output: a field per line, or JSON.

use std::io::{self, Write};

use serde_json::Value;

use crate::terminal::{escape_for_terminal, escape_json_for_terminal};

/// How fields that are lists are printed.
#[derive(Clone, Copy)]
pub(crate) enum Lists {
    /// As words with spaces between them.
    Words,
    /// As JSON.
    Json,
}

/// Prints the fields of an object, name and value separated by a tab, without those that are null; or the object as
/// JSON.
pub(crate) fn print_fields(object: &Value, lists: Lists, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        return writeln!(out, "{}", escape_json_for_terminal(object));
    }
    for (name, value) in object.as_object().into_iter().flatten() {
        let text = match (value, lists) {
            (Value::Null, _) => continue,
            (Value::String(text), _) => escape_for_terminal(text).into_owned(),
            (Value::Array(items), Lists::Words) => {
                let words: Vec<_> = items.iter().filter_map(Value::as_str).map(escape_for_terminal).collect();
                words.join(" ")
            }
            (other, _) => escape_for_terminal(&other.to_string()).into_owned(),
        };
        writeln!(out, "{name}\t{text}")?;
    }
    Ok(())
}
