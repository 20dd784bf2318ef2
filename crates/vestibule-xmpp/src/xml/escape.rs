//! XML escaping.

use zeroize::Zeroizing;

/// The text contains a character that XML 1.0 does not allow (section 2.2), even escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidCharacter;

/// Length of the longest escape of one byte: `&quot;`.
const MAX_ESCAPE: usize = 6;

/// Escapes `text` for an element or an attribute with either kind of quotes.
///
/// The text may be a secret: the result is zeroized on drop, and has its full capacity from the start, so that
/// growing leaves no copy behind.
pub(crate) fn escape(text: &str) -> Result<Zeroizing<String>, InvalidCharacter> {
    let mut escaped = Zeroizing::new(String::with_capacity(text.len() * MAX_ESCAPE));
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // Parsers normalize these characters unless they are escaped.
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => return Err(InvalidCharacter),
            other => escaped.push(other),
        }
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Reader, StreamEvent};
    use proptest::prelude::*;

    /// The parsed value in an attribute and in an element.
    fn read_back(escaped: &str) -> (String, String) {
        let mut reader = Reader::new();
        reader.feed(format!("<s><a b='{escaped}'>{escaped}</a></s>").as_bytes());
        assert!(matches!(reader.next(), Ok(Some(StreamEvent::Opened(_)))));
        match reader.next() {
            Ok(Some(StreamEvent::Stanza(element))) => (element.attributes[0].1.clone(), element.text),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn invalid_characters_are_rejected() {
        for letter in ['\0', '\u{1}', '\u{8}', '\u{b}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
            assert_eq!(escape(&format!("a{letter}b")), Err(InvalidCharacter), "{letter:?}");
        }
    }

    #[test]
    fn the_capacity_is_never_exceeded() {
        let quotes = "\"'".repeat(500);
        let escaped = escape(&quotes).unwrap();
        assert!(escaped.len() <= quotes.len() * MAX_ESCAPE);
    }

    proptest! {
        #[test]
        fn text_round_trips(text in "[<>&\"'\t\n\r\\PC]{0,40}") {
            if let Ok(escaped) = escape(&text) {
                prop_assert_eq!(read_back(&escaped), (text.clone(), text));
            }
        }
    }
}
