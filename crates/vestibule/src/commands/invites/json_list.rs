//! A streamed JSON array.

use std::io::{self, Write};

use crate::terminal::escape_json_for_terminal;

/// A JSON array that is written item by item.
pub(super) struct JsonList {
    json: bool,
    any: bool,
}

impl JsonList {
    pub(super) fn new(json: bool) -> Self {
        Self { json, any: false }
    }

    pub(super) fn item(&mut self, out: &mut impl Write, item: &serde_json::Value) -> io::Result<()> {
        write!(out, "{}{}", if self.any { ",\n" } else { "[" }, escape_json_for_terminal(item))?;
        self.any = true;
        Ok(())
    }

    pub(super) fn end(&self, out: &mut impl Write) -> io::Result<()> {
        if self.json {
            writeln!(out, "{}", if self.any { "]" } else { "[]" })?;
        }
        out.flush()
    }
}
