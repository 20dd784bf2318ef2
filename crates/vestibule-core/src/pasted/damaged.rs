//! Tokens in text that mail programs have wrapped or escaped.

use super::surroundings::{BEFORE, is_wordlike, rank};
use crate::Token;

/// Tokens divided by white space: consecutive words with the total length of a token, at the start of the text or after
/// the usual text before a token.
pub(super) fn wrapped(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_wordlike) {
        let after = &rest[start..];
        let before = &text[..text.len() - after.len()];
        let is_first = before.len() == start;
        let rank = rank(before.trim_end());
        if (is_first || rank < BEFORE.len())
            && let Some(token) = joined(after)
        {
            found.push((rank, token));
        }
        rest = &after[after.find(|one| !is_wordlike(one)).unwrap_or(after.len())..];
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, token)| token).collect()
}

/// The token at the beginning of a text, with the white space between its words removed.
fn joined(text: &str) -> Option<Token> {
    let mut letters = String::with_capacity(Token::LEN);
    let mut rest = text;
    while letters.len() < Token::LEN {
        let end = rest.find(|one| !is_wordlike(one)).unwrap_or(rest.len());
        letters.push_str(&rest[..end]);
        // Mail programs put `>` before each line of a quoted mail.
        let gap = |one: char| one.is_whitespace() || one == '>';
        let next = rest[end..].trim_start_matches(gap);
        if letters.len() < Token::LEN && !rest[end..].starts_with(char::is_whitespace) {
            return None;
        }
        rest = next;
    }
    Token::parse(&letters).ok()
}

/// `text` with quoted-printable escapes (RFC 2045 section 6.7) decoded. That encoding never escapes ASCII letters and
/// digits, so an escape of one is left unchanged.
pub(super) fn printable(text: &str) -> String {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = Some(after).filter(|_| *first == b'=').and_then(escaped_byte);
        if let Some(byte) = escaped.filter(|byte| !byte.is_ascii_alphanumeric()) {
            plain.push(byte);
            rest = &after[2..];
        } else {
            plain.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// The value of the first two characters as hexadecimal digits.
fn escaped_byte(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}
