//! HTML escaping.

use std::fmt::{self, Display, Formatter, Write};

use minijinja::{AutoEscape, Error, Output, State, Value, escape_formatter};

/// Displays text escaped for an element or a quoted attribute. Slashes, which are frequent in URLs, need no escaping
/// there.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        escape_into(f, self.0)
    }
}

/// For each byte, whether it is escaped. All are ASCII, so a byte of a longer character is never one of them.
const IS_ESCAPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < ESCAPED.len() {
        table[ESCAPED[at] as usize] = true;
        at += 1;
    }
    table
};

const ESCAPED: &[u8] = b"<>&\"'";

/// Writes escaped text. Copies unescaped runs at once and looks bytes up in a table, because this runs for every value
/// of every page.
pub(crate) fn escape_into(out: &mut impl Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| IS_ESCAPED[usize::from(byte)]) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            _ => "&#x27;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}

/// The formatter for values in templates.
pub(crate) fn formatter(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match (state.auto_escape(), value.as_str()) {
        (AutoEscape::Html, Some(text)) if !value.is_safe() => Ok(escape_into(out, text)?),
        _ => escape_formatter(out, state, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn escaped_text_contains_no_markup(text in "([<>&\"'/a]|\\PC){0,20}") {
            let html = Escaped(&text).to_string();
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            let back = html
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#x27;", "'")
                .replace("&amp;", "&");
            prop_assert_eq!(back, text);
        }
    }
}
