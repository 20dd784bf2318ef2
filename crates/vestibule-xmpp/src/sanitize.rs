//! Sanitizing of untrusted text for logs and pages.

/// Maximum length of the text, in characters.
const MAX_LEN: usize = 300;

/// `text` as one line of at most 300 characters, without control and bidirectional formatting characters.
pub(crate) fn sanitize(text: &str) -> String {
    let mut cleaned = String::new();
    let (mut length, mut space) = (0, false);
    for letter in text.chars() {
        if letter.is_control() || letter.is_whitespace() || is_formatting(letter) {
            space = true;
            continue;
        }
        if space && length > 0 {
            cleaned.push(' ');
            length += 1;
        }
        space = false;
        if length >= MAX_LEN {
            return cleaned.chars().take(MAX_LEN - 1).chain(['…']).collect();
        }
        cleaned.push(letter);
        length += 1;
    }
    cleaned
}

/// Bidirectional formatting characters, line separators, and noncharacters.
fn is_formatting(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn disturbing_characters_are_removed() {
        for (text, expected) in [
            ("The username is taken.", "The username is taken."),
            ("  two\r\n\tlines ", "two lines"),
            ("\u{1b}[2Jgone", "[2Jgone"),
            ("a\u{202e}b", "a b"),
            ("", ""),
            ("\n", ""),
            ("日本語", "日本語"),
        ] {
            assert_eq!(sanitize(text), expected);
        }
        assert_eq!(sanitize(&"é".repeat(300)), "é".repeat(300));
        assert_eq!(sanitize(&"é".repeat(301)), format!("{}…", "é".repeat(299)));
    }

    proptest! {
        #[test]
        fn the_result_is_one_short_line(text in "(.|[\\x00-\\x20\u{202e}]){0,400}") {
            let cleaned = sanitize(&text);
            prop_assert!(cleaned.chars().count() <= MAX_LEN);
            prop_assert!(!cleaned.chars().any(|one| one.is_control() || is_formatting(one)));
            prop_assert_eq!(sanitize(&cleaned), cleaned);
        }
    }
}
