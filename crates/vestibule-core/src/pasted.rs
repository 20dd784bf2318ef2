//! Tokens in pasted text.
//!
//! Mail programs, messengers and people add to a link: a full stop, a bracket, a tracking parameter, an invisible
//! character, an escape. The token remains a run of exactly [`Token::LEN`] letters and digits, or, if it was imported
//! from Prosody, of [`Token::PROSODY_LEN`] characters of base64url.

mod damaged;
mod surroundings;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use self::{
    damaged::{printable, wrapped},
    surroundings::{BEFORE, is_wordlike, rank},
};
use crate::{InviteId, Token};

/// Maximum length of the text that is searched, in bytes. Longer than any link.
const MAX_BYTES: usize = 8 << 10;

/// Maximum levels of escaping: by the sender's program, by a redirector, and by a form.
const MAX_ESCAPES: usize = 3;

impl Token {
    /// The likeliest token in pasted text: a token, a link with surrounding text, or an `xmpp:` URI.
    ///
    /// A result does not imply that the invite exists.
    pub fn find_in(text: &str) -> Option<Self> {
        Self::all_in(text).into_iter().next()
    }

    /// All possible tokens in pasted text, the likeliest first.
    ///
    /// Only runs of exactly [`Token::LEN`] ASCII letters and digits count, with no other letter or digit of any
    /// script next to them: a part of a longer word is not a token. An imported token, which looks more like a word,
    /// must also be the first run of the text or follow a known part of a link.
    pub fn all_in(text: &str) -> Vec<Self> {
        if let Ok(token) = Self::parse(text) {
            return vec![token];
        }
        let text = unescaped(shortened(text));
        // An invisible character or the line break of quoted-printable text can be inside the token, a line break of a
        // mail program too, or an escape of quoted-printable text before it. The smallest change comes first.
        let whole = text.replace("=\r\n", "").replace("=\n", "").replace(is_invisible, "");
        let decoded = printable(&whole);
        let own = [own_runs(&text), own_runs(&whole), wrapped(&whole), own_runs(&decoded), wrapped(&decoded)];
        let own = own.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        let imported = [imported_runs(&text), imported_runs(&whole), imported_runs(&decoded)];
        let imported = imported.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        // Not a part of a token that white space interrupts.
        let is_part = |one: &Self| own.iter().any(|token| token.expose().contains(one.expose()));
        let imported: Vec<Self> = imported.into_iter().filter(|one| !is_part(one)).collect();
        [own, imported].concat()
    }
}

impl InviteId {
    /// The first possible invite id in pasted text.
    pub fn find_in(text: &str) -> Option<Self> {
        let text = unescaped(shortened(text));
        text.split(|one| !is_wordlike(one)).find_map(|word| word.parse().ok())
    }
}

/// A pasted host or address without spaces, `xmpp:`, a query, and a trailing slash.
pub fn pasted_address(text: &str) -> &str {
    let text = text.trim_matches(|one: char| one.is_whitespace() || is_invisible(one));
    let text = match text.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("xmpp:") => &text[5..],
        _ => text,
    };
    text.split('?').next().unwrap_or(text).trim_end_matches('/')
}

/// `text` without percent-encoding, at up to [`MAX_ESCAPES`] levels. Invalid UTF-8 becomes U+FFFD, which is not a
/// letter.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    let mut plain = Cow::Borrowed(text);
    for _ in 0..MAX_ESCAPES {
        if !plain.contains('%') {
            break;
        }
        plain = Cow::Owned(percent_decode_str(&plain).decode_utf8_lossy().into_owned());
    }
    plain
}

/// At most the first [`MAX_BYTES`] of `text`.
fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BYTES)]
}

/// Our own tokens that nothing interrupts.
fn own_runs(text: &str) -> Vec<Token> {
    runs(text, is_wordlike, |word, _| Token::parse_own(word).ok())
}

/// Imported tokens that nothing interrupts.
fn imported_runs(text: &str) -> Vec<Token> {
    runs(text, is_base64url_like, |word, before| {
        let is_first = !before.contains(is_wordlike);
        let expected = is_first || rank(before) < BEFORE.len();
        Token::parse_prosody(word).ok().filter(|_| expected)
    })
}

/// The tokens among the runs of `text`, the likeliest first. `token` gets a run and the text before it.
fn runs(text: &str, in_run: fn(char) -> bool, token: impl Fn(&str, &str) -> Option<Token>) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(in_run) {
        let after = &rest[start..];
        let end = after.find(|one| !in_run(one)).unwrap_or(after.len());
        let before = &text[..text.len() - after.len()];
        if let Some(token) = token(&after[..end], before) {
            found.push((rank(before), token));
        }
        rest = &after[end..];
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, token)| token).collect()
}

fn is_base64url_like(one: char) -> bool {
    is_wordlike(one) || matches!(one, '-' | '_')
}

/// Characters without a glyph that programs put into text: soft hyphens, joiners, marks of direction, byte order marks.
fn is_invisible(one: char) -> bool {
    matches!(one, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use proptest::prelude::*;

    const T: &str = "0QXbC3d4E5f6G7h8J9kLmNpQrStU";

    fn found(text: &str) -> Vec<String> {
        let text = text.replace("TOKEN", T);
        Token::all_in(&text).iter().map(|token| token.expose().to_owned()).collect()
    }

    #[test]
    fn a_token_is_found_in_pasted_text() {
        for text in [
            "TOKEN",
            " TOKEN\n",
            "TOKEN.",
            "TOKEN)",
            "TOKEN*",
            "_TOKEN_",
            "<https://chat.example/invite/TOKEN>",
            "https://chat.example/invite/TOKEN/",
            "https://chat.example//invite//TOKEN/register/",
            "https://chat.example/invite/TOKEN?lang=de&utm_source=x#top",
            "https://chat.example/invite?TOKEN=",
            "https://chat.example/register?c=gajim&t=TOKEN&amp;lang=de",
            "https://l.example/?u=https%3A%2F%2Fchat.example%2Finvite%2FTOKEN%3Flang%3Dde",
            "https://l.example/?u=https%253A%252F%252Fchat.example%252Finvite%252FTOKEN",
            "TOKEN%20",
            "%20TOKEN",
            "TOKEN%E2%80%8B",
            "TOKEN=%0D%0A",
            "TOKEN%FF",
            "\u{201c}TOKEN\u{201d}",
            "\u{feff}TOKEN\u{200b}",
            "xmpp:chat.example?register;preauth=TOKEN",
            "xmpp:ann@chat.example?roster;preauth=TOKEN;ibr=y",
            "XMPP:chat.example?register;PREAUTH=TOKEN",
            "\"TOKEN\", please",
            "=3DTOKEN",
            "https://chat.example/register?t=3DTOKEN&c=3Dgajim",
            "https://chat.example/invite/%3D3DTOKEN",
            "=C2=A0TOKEN",
            "=20TOKEN=20",
            "-- TOKEN",
            "--\nTOKEN",
        ] {
            assert_eq!(found(text), [T], "{text}");
        }
        let wraps = [" ", "\r\n", "\n ", "\r\n> ", "\n> > ", "%20", "%0D%0A%20", "\u{a0}", "=20=\r\n"];
        for inside in ["\u{200b}", "\u{ad}", "=\r\n", "=\n", "%E2%80%8B"].iter().chain(&wraps) {
            for (before, after) in [
                ("https://chat.example/invite/", ""),
                ("https://chat.example/invite/", " and more words"),
                ("See https://chat.example/invite/", "/register"),
                ("xmpp:chat.example?register;preauth=", ";ibr=y"),
                ("https://chat.example/register?t=3D", "&c=3Dgajim"),
                ("", ""),
                ("<", ">"),
            ] {
                let text = format!("{before}{}{inside}{}{after}", &T[..9], &T[9..]);
                assert_eq!(found(&text), [T], "{text:?}");
            }
        }
    }

    #[test]
    fn a_part_of_a_longer_word_is_not_a_token() {
        for text in [
            "",
            "TOKENx",
            "xTOKEN",
            "TOKEN0",
            "TOKENü",
            "éTOKEN",
            "TOKENя",
            "TOKEN\u{301}",
            "TOKEN\0",
            "TOKENTOKEN",
            "=41TOKEN",
            "=C3=A9TOKEN",
            "x TOKENx",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(found(&T[..27]), Vec::<String>::new());
    }

    #[test]
    fn an_imported_token_is_found_in_links() {
        const P: &str = "-QXbC3d4E5f6_7h8J9kLmN-_";
        for text in [
            "TOKEN",
            " TOKEN\n",
            "TOKEN.",
            "https://chat.example/invite/TOKEN/register?lang=de",
            "https://chat.example/invites_page?TOKEN",
            "/TOKEN",
            "https://chat.example/register?t=TOKEN&c=gajim",
            "https://l.example/?u=https%3A%2F%2Fchat.example%2Finvites_page%3FTOKEN",
            "xmpp:ann@chat.example?register;preauth=TOKEN",
            "\"xmpp:chat.example?register;preauth=TOKEN\", please",
            "https://chat.example/register?t=3DTOKEN&c=3Dgajim",
        ] {
            assert_eq!(found(&text.replace("TOKEN", P)), [P], "{text}");
        }
        for text in ["Please go to a-words-of-24-characters", "TOKENx", "xTOKEN", "TOKEN-", "/invite/x-TOKEN"]
        {
            assert_eq!(found(&text.replace("TOKEN", P)), Vec::<String>::new(), "{text}");
        }
        // A token of this service ranks first.
        assert_eq!(found(&format!("t={P}&token=TOKEN")), [T, P]);
    }

    #[test]
    fn the_likeliest_comes_first() {
        let other = "z".repeat(Token::LEN);
        for text in [
            format!("https://{other}.example/invite/TOKEN?utm_id={other}"),
            format!("xmpp:{other}.example?register;preauth=TOKEN"),
            format!("https://chat.example/register?c={other}&t=TOKEN"),
        ] {
            assert_eq!(found(&text)[0], T, "{text}");
        }
    }

    #[test]
    fn text_around_an_address_is_removed() {
        for (text, expected) in [
            ("a.example", "a.example"),
            (" \u{feff}a.example\n", "a.example"),
            ("a.example/", "a.example"),
            ("xmpp:a.example", "a.example"),
            ("XMPP:ann@a.example?roster;preauth=x", "ann@a.example"),
            ("xmpp:", ""),
            ("a b", "a b"),
            ("https://a.example/", "https://a.example"),
        ] {
            assert_eq!(pasted_address(text), expected, "{text}");
        }
    }

    #[test]
    fn an_id_is_found_in_pasted_text() {
        let id = Token::parse(T).unwrap().lookup_key().id;
        for text in [format!(" {id}\n"), format!("{id}."), format!("https://chat.example/v1/invites/{id}/")] {
            assert_eq!(InviteId::find_in(&text), Some(id), "{text}");
        }
        assert_eq!(InviteId::find_in("no id"), None);
    }

    proptest! {
        #[test]
        fn surrounding_text_does_not_hide_a_token(
            token in "[0-9A-Za-z]{28}",
            before in "(|[^0-9A-Za-z%]{0,8})",
            after in "(|[^0-9A-Za-z%]{0,8})",
        ) {
            prop_assume!(!before.ends_with(is_wordlike) && !after.starts_with(is_wordlike));
            let expected = Token::parse(&token).unwrap();
            prop_assert_eq!(Token::all_in(&format!("{before}{token}{after}")), [expected.clone()]);
            let mut escaped = String::new();
            for byte in format!("{before}{token}{after}").bytes() {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "%{byte:02X}");
            }
            prop_assert_eq!(Token::all_in(&escaped), [expected]);
        }

        #[test]
        fn white_space_and_quoted_printable_do_not_hide_a_token(
            token in "[0-9A-Za-z]{28}",
            // Before 26 letters, the digits of an escape are ambiguous.
            at in prop::collection::btree_set(1_usize..26, 1..3),
            gap in "( |\r\n|\n> ?|%0D%0A%20|%20){1,3}",
            front in "(|t=|t=3D|/invite/|=20|preauth=|preauth=3D)",
            after in "[ .,;:!?/&)>\"\\n]{0,8}",
        ) {
            let mut text = token.clone();
            for at in at.iter().rev() {
                text.insert_str(*at, &gap);
            }
            // A part of the token can look like an imported one, which is less likely.
            let mut found = Token::all_in(&format!("{front}{text}{after}"));
            prop_assert_eq!(found[0].expose(), &token);
            found.retain(|one| one.expose().len() == Token::LEN);
            prop_assert_eq!(found, [Token::parse(&token).unwrap()]);
            let found = Token::all_in(&format!("{front}{token}{after}"));
            prop_assert_eq!(found, [Token::parse(&token).unwrap()]);
        }

        #[test]
        fn adjacent_letters_hide_a_token(token in "[0-9A-Za-z]{28}", letter in "[0-9A-Za-zäя请]", first in any::<bool>()) {
            let text = if first { format!("{letter}{token}") } else { format!("{token}{letter}") };
            prop_assert_eq!(Token::all_in(&text), []);
        }

        #[test]
        fn no_text_causes_a_panic(text in "(\\PC|%[0-9A-F]{2}|[a-zA-Z0-9]{26,30}){0,60}") {
            let plain = unescaped(&text);
            for token in Token::all_in(&text) {
                let letters: String = plain.chars().filter(char::is_ascii_alphanumeric).collect();
                prop_assert!(letters.contains(token.expose()) || plain.contains(token.expose()));
            }
            let _ = InviteId::find_in(&text);
        }
    }
}
