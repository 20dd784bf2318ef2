//! Text of others on the operator's terminal.

use std::{borrow::Cow, fmt::Write as _};

/// `text` in one line in which every character is what it looks like: control characters (C0, DEL, C1), line ends,
/// and what is invisible or changes the direction of writing are written out, as `\n` or `\u{202e}`.
///
/// Notes, names and the answers of other servers are written by people who may wish to forge a line, to clear the
/// screen, or to reorder what is read.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
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

/// What a terminal acts on, or what cannot be seen.
fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            // Soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul fillers, Mongolian separators.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
            // Zero width, direction marks, line and paragraph separators, embeddings, overrides and isolates.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            // Interlinear annotations, what is no character, and tags.
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_act_on_a_terminal_is_written_out() {
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
            assert_eq!(visible(text), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_unsafe_comes_through(text in "(.|[\\x00-\\x20\u{80}-\u{9f}\u{200b}-\u{202e}]){0,60}") {
            let shown = visible(&text);
            prop_assert!(!shown.chars().any(is_unsafe));
            prop_assert_eq!(visible(&shown), shown.clone());
        }
    }
}
