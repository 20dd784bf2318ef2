//! Untrusted text on the operator's terminal.

use std::{borrow::Cow, fmt::Write as _};

use serde_json::Value;

/// `1 invite`, `2 invites`.
pub(crate) fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    match count.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// `text` as a single line: control characters (C0, DEL, C1), line ends, and characters that are invisible or change
/// the writing direction are escaped as `\n` or `\u{202e}`.
///
/// Notes, names and answers of other servers are untrusted: they could forge a line, clear the screen, or reorder
/// text.
pub(crate) fn escape_for_terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing to a String cannot fail.
            other if is_unsafe(other) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(other));
            }
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

/// Like [`escape_for_terminal`], but keeps line feeds.
pub(crate) fn escape_lines_for_terminal(text: &str) -> Cow<'_, str> {
    if text.split('\n').all(|line| matches!(escape_for_terminal(line), Cow::Borrowed(_))) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split('\n').map(escape_for_terminal).collect::<Vec<_>>().join("\n"))
}

/// `value` as JSON in which the characters that [`escape_for_terminal`] escapes are written as `\uXXXX`, in surrogate pairs
/// beyond U+FFFF (RFC 8259 section 7). It parses to the same value.
pub(crate) fn escape_json_for_terminal(value: &Value) -> String {
    let text = value.to_string();
    if !text.chars().any(is_unsafe) {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        // Outside of strings, JSON without line breaks is printable ASCII.
        if is_unsafe(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Characters that a terminal interprets or does not show.
fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            // Soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul fillers, Mongolian separators.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
            // Zero width, direction marks, line and paragraph separators, embeddings, overrides and isolates.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            // Interlinear annotations, noncharacters, and tags.
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn terminal_control_characters_are_escaped() {
        for (text, shown) in [
            ("for Ann & Bob, C:\\x", "for Ann & Bob, C:\\x"),
            ("Ünï 日本語 العربية 🎉", "Ünï 日本語 العربية 🎉"),
            ("\u{1b}]0;pwn\u{7}\u{1b}[2J", "\\u{1b}]0;pwn\\u{7}\\u{1b}[2J"),
            ("\r\nFAKE-ID\tpending", "\\r\\nFAKE-ID\\tpending"),
            ("\u{9b}2J\u{85}", "\\u{9b}2J\\u{85}"),
            ("a\u{202e}b\u{2066}c\u{200f}", "a\\u{202e}b\\u{2066}c\\u{200f}"),
            ("pay\u{200b}pal\u{feff}", "pay\\u{200b}pal\\u{feff}"),
            ("\u{2028}\u{7f}\u{0}", "\\u{2028}\\u{7f}\\u{0}"),
            ("\u{e0041}", "\\u{e0041}"),
        ] {
            assert_eq!(escape_for_terminal(text), shown);
        }
    }

    #[test]
    fn escaped_json_parses_to_the_same_value() {
        let value = serde_json::json!({ "\u{9b}": "a\u{85}\u{202e}\u{2066}\u{2028}\u{200b}\u{ad}\u{feff}\u{7f}\u{e0041}é\n" });
        let shown = escape_json_for_terminal(&value);
        assert_eq!(
            shown,
            "{\"\\u009b\":\"a\\u0085\\u202e\\u2066\\u2028\\u200b\\u00ad\\ufeff\\u007f\\udb40\\udc41é\\n\"}"
        );
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
    }

    #[test]
    fn line_feeds_are_kept_in_multi_line_text() {
        assert_eq!(escape_lines_for_terminal("a\n\tb\u{202e}\r\n"), "a\n\\tb\\u{202e}\\r\n");
        assert!(matches!(escape_lines_for_terminal("a\n b\n"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn any_text_is_escaped_in_json(text in "(.|[\\x00-\\x20\u{7f}-\u{9f}\u{200b}-\u{202e}\u{e0000}-\u{e007f}\"\\\\]){0,60}") {
            let shown = escape_json_for_terminal(&serde_json::json!([text]));
            prop_assert!(!shown.chars().any(is_unsafe));
            prop_assert_eq!(serde_json::from_str::<[String; 1]>(&shown).unwrap(), [text]);
        }

        #[test]
        fn no_unsafe_character_is_left(text in "(.|[\\x00-\\x20\u{80}-\u{9f}\u{200b}-\u{202e}]){0,60}") {
            let shown = escape_for_terminal(&text);
            prop_assert!(!shown.chars().any(is_unsafe));
            prop_assert_eq!(escape_for_terminal(&shown), shown.clone());
        }
    }
}
