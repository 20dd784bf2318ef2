//! Text that an invite shows to the invited person.
//!
//! Other people read it on the operator's own pages, so it is one line of visible text. What a sender does not see and
//! could not correct is cleaned: line breaks and tabs, with the spaces around them, become one space; embeddings,
//! overrides and isolates of the writing direction and byte order marks are removed, because they could reorder the text
//! around them. Joiners and direction marks stay: emoji, Persian and mixed text need them. Control, private-use and other
//! characters without a meaning of their own are rejected: they are a sign of broken text, and fonts disagree about them.

use std::fmt;

/// The text cannot be shown to the invited person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisplayTextError {
    /// Too many characters after cleaning.
    #[error("at most {max} characters; this text has {found}")]
    TooLong {
        /// Number of characters (Unicode scalar values) of the text.
        found: usize,
        /// Maximum number of characters.
        max: usize,
    },
    /// A control, private-use or reserved character.
    #[error("cannot contain U+{0:04X}, a control, private-use or reserved character")]
    Character(u32),
    /// A name that looks like an address or a link.
    #[error("expected a name, not an address or a link: it cannot contain @ or ://")]
    Address,
}

/// Defines a type of display text.
macro_rules! display_text {
    ($(#[$documentation:meta])* $name:ident, $max:expr) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Maximum length in characters (Unicode scalar values), after cleaning.
            pub const MAX_CHARS: usize = $max;

            /// Converts a stored text.
            pub fn from_stored(text: String) -> Self {
                Self(text.into_boxed_str())
            }

            /// The cleaned text: one line, not blank. Plain text, which markup must escape.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

display_text! {
    /// A word from the inviter to the invited person.
    Message, 140
}

display_text! {
    /// The display name of the inviter. It proves nothing about its bearer: any key that can create an invite can
    /// choose it. Only [`crate::Invite::inviter`] names an account.
    InviterName, 64
}

impl Message {
    /// Cleans and validates a text. `None` if nothing of it is visible.
    pub fn parse(text: &str) -> Result<Option<Self>, DisplayTextError> {
        Ok(clean(text, Self::MAX_CHARS)?.map(Self::from_stored))
    }
}

impl InviterName {
    /// Cleans and validates a name. `None` if nothing of it is visible. A name that looks like an address or a link is
    /// rejected, because a page shows addresses of accounts in the same place.
    pub fn parse(text: &str) -> Result<Option<Self>, DisplayTextError> {
        let Some(name) = clean(text, Self::MAX_CHARS)? else { return Ok(None) };
        // With the small and the full-width form of the sign.
        if name.contains(['@', '\u{fe6b}', '\u{ff20}']) || name.contains("://") {
            return Err(DisplayTextError::Address);
        }
        Ok(Some(Self::from_stored(name)))
    }
}

/// The text as it is shown; `None` if nothing of it is visible.
fn clean(text: &str, max: usize) -> Result<Option<String>, DisplayTextError> {
    let mut shown = String::new();
    let mut after_break = false;
    for letter in text.chars() {
        if is_break(letter) {
            shown.truncate(shown.trim_end_matches(' ').len());
            after_break = true;
        } else if is_rejected(letter) {
            return Err(DisplayTextError::Character(u32::from(letter)));
        } else if is_removed(letter) || after_break && letter == ' ' {
            // Not shown.
        } else {
            if after_break {
                shown.push(' ');
            }
            after_break = false;
            shown.push(letter);
        }
    }
    let shown = shown.trim();
    let found = shown.chars().count();
    if found > max {
        return Err(DisplayTextError::TooLong { found, max });
    }
    let is_visible = shown.chars().any(|letter| !letter.is_whitespace() && !is_invisible(letter));
    Ok(is_visible.then(|| shown.to_owned()))
}

/// Line and paragraph ends (UAX #14), and tabs.
const fn is_break(letter: char) -> bool {
    matches!(letter, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Embeddings, overrides and isolates of the writing direction, their deprecated relatives, and the byte order mark.
const fn is_removed(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
}

/// Control, private-use and noncharacters, and the marks of interlinear annotations.
fn is_rejected(letter: char) -> bool {
    letter.is_control()
        || u32::from(letter) & 0xfffe == 0xfffe
        || matches!(letter,
            '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{fffb}'
            | '\u{f0000}'..='\u{10ffff}')
}

/// Characters that show nothing by themselves, besides white space.
const fn is_invisible(letter: char) -> bool {
    matches!(letter,
        // Soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul fillers, Khmer and Mongolian marks.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
        // Zero width, direction marks, word joiner, invisible operators, the empty pattern of Braille.
        | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{2800}'
        // Variation selectors, controls of shorthand and of musical notation, tags.
        | '\u{fe00}'..='\u{fe0f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(text: &str) -> Option<String> {
        Message::parse(text).unwrap().map(|message| message.to_string())
    }

    #[test]
    fn a_text_becomes_one_clean_line() {
        for (text, shown) in [
            ("See you on Sunday!", "See you on Sunday!"),
            ("  two\r\n lines \n\n and\ta tab ", "two lines and a tab"),
            ("a\u{2028}b\u{2029}c\u{85}d\u{b}e", "a b c d e"),
            ("two  spaces", "two  spaces"),
            ("Bonjour\u{202f}!\u{a0}", "Bonjour\u{202f}!"),
            ("\u{feff}abc\u{202e}def\u{202c}\u{2066}g\u{2069}", "abcdefg"),
            // Emoji with joiners, Persian with a non-joiner, Hebrew with a direction mark, a flag of tags.
            ("👩\u{200d}👩\u{200d}👧", "👩\u{200d}👩\u{200d}👧"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("שלום (C++\u{200e})", "שלום (C++\u{200e})"),
            (
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            ),
            ("<b>&amp; {{ token }}", "<b>&amp; {{ token }}"),
        ] {
            assert_eq!(message(text).as_deref(), Some(shown), "{text:?}");
        }
    }

    #[test]
    fn a_text_of_which_nothing_is_visible_is_none() {
        for text in [
            "",
            " ",
            "\n\t\r",
            "\u{3000}\u{a0}",
            "\u{200b}",
            "\u{202e}\u{feff}",
            "\u{2800} \u{3164}",
            "\u{fe0f}",
        ] {
            assert_eq!(Message::parse(text), Ok(None), "{text:?}");
            assert_eq!(InviterName::parse(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn lengths_count_scalar_values_after_cleaning() {
        for one in ["a", "ü", "e\u{301}", "字", "م", "😀", "👩\u{200d}👧"] {
            let size = one.chars().count();
            let of = |count: usize| one.chars().cycle().take(count).collect::<String>();
            assert!(message(&of(140)).is_some(), "{one} {size}");
            assert!(message(&format!(" \n{}\r\n ", of(140))).is_some(), "{one}");
            assert_eq!(
                Message::parse(&of(141)),
                Err(DisplayTextError::TooLong { found: 141, max: 140 }),
                "{one}"
            );
            assert!(InviterName::parse(&of(64)).unwrap().is_some(), "{one}");
            assert_eq!(
                InviterName::parse(&of(65)),
                Err(DisplayTextError::TooLong { found: 65, max: 64 }),
                "{one}"
            );
        }
    }

    #[test]
    fn characters_without_a_meaning_are_rejected() {
        for letter in [
            '\0',
            '\u{7}',
            '\u{1b}',
            '\u{7f}',
            '\u{80}',
            '\u{9f}',
            '\u{e000}',
            '\u{f8ff}',
            '\u{fdd0}',
            '\u{fff9}',
            '\u{fffe}',
            '\u{1ffff}',
            '\u{f0000}',
            '\u{10fffd}',
            '\u{10ffff}',
        ] {
            let expected = DisplayTextError::Character(u32::from(letter));
            assert_eq!(Message::parse(&format!("a{letter}")), Err(expected), "{letter:?}");
            assert_eq!(InviterName::parse(&format!("{letter}a")), Err(expected), "{letter:?}");
        }
        let text = DisplayTextError::Character(7).to_string();
        assert_eq!(text, "cannot contain U+0007, a control, private-use or reserved character");
    }

    #[test]
    fn a_name_is_no_address_and_no_link() {
        for text in ["ann@example.com", "Ann ＠ home", "a﹫b", "https://example.com", "see xmpp://a"] {
            assert_eq!(InviterName::parse(text), Err(DisplayTextError::Address), "{text}");
            assert!(message(text).is_some(), "{text}");
        }
        for text in ["Ann", "Ann of example.com", "Dr. Jürgen Müller-Lüdenscheidt / Chor", "AC:DC", "张伟"]
        {
            assert_eq!(InviterName::parse(text).unwrap().unwrap().as_str(), text);
        }
    }

    /// Text with many of the characters that have a rule.
    const ANY: &str = "(.|[ \\n\\t\u{85}\u{2028}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}\u{200b}-\u{200f}a-c\u{300}]){0,200}";

    proptest! {
        #[test]
        fn a_clean_text_is_one_visible_line_within_the_limit(text in ANY) {
            if let Ok(Some(message)) = Message::parse(&text) {
                let shown = message.as_str();
                prop_assert!(!shown.is_empty() && shown.chars().count() <= 140);
                prop_assert_eq!(shown, shown.trim());
                prop_assert!(!shown.chars().any(|letter| is_break(letter) || is_removed(letter) || is_rejected(letter)));
                prop_assert_eq!(Message::parse(shown), Ok(Some(message.clone())));
            }
        }

        #[test]
        fn visible_letters_are_kept_in_their_order(text in ANY) {
            let visible = |text: &str| -> Vec<char> {
                text.chars().filter(|c| !c.is_whitespace() && !is_removed(*c)).collect()
            };
            match clean(&text, usize::MAX) {
                Ok(Some(shown)) => prop_assert_eq!(visible(&shown), visible(&text)),
                Ok(None) => prop_assert!(visible(&text).into_iter().all(is_invisible)),
                Err(DisplayTextError::Character(code)) => {
                    prop_assert!(text.chars().any(|letter| u32::from(letter) == code && is_rejected(letter)));
                }
                Err(error) => prop_assert!(false, "{}", error),
            }
        }
    }
}
