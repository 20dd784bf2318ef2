//! Parsers for the values of options.

use std::time::Duration;

use vestibule_core::{
    DisplayTextError, Draft, InviterName, LanguageTag, LanguageTagError, MAX_EXPIRY, Message, NewKey,
    Refusal, Scopes, Token, UnknownScope, parse_duration,
};
use vestibule_web::Links;

use crate::{logs, terminal::escape_for_terminal};

/// The number of uses of an invite; `None` is unlimited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uses(pub(crate) Option<u32>);

/// A value of which an empty text stands for none.
#[derive(Clone, Debug)]
pub(crate) struct BlankIsNone<T>(pub(crate) Option<T>);

/// An id or a token, but not a misspelt option. Text with one leading hyphen can be a token of another server; text
/// with two can be the separator before a signature.
pub(super) fn id_or_token(text: &str) -> Result<String, String> {
    match text.strip_prefix("--") {
        Some(name) if name.starts_with(|one: char| !one.is_whitespace()) && Token::parse(name).is_err() => {
            Err(format!("there is no option {}", escape_for_terminal(text)))
        }
        _ => Ok(text.to_owned()),
    }
}

/// Rejects text that cannot be the base URL of links.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    Links::new(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

pub(crate) fn log_filter(text: &str) -> Result<String, String> {
    logs::filter(text).map(|_| text.to_owned())
}

pub(super) fn scopes(text: &str) -> Result<Scopes, UnknownScope> {
    text.parse()
}

/// The validity of an invite.
pub(super) fn expiry(text: &str) -> Result<Duration, String> {
    let span = parse_duration(text).map_err(|error| error.to_string())?;
    if span <= MAX_EXPIRY { Ok(span) } else { Err("expected at most ten years, for example 7d".to_owned()) }
}

/// A group or role, by the rules for invites.
pub(super) fn label(text: &str) -> Result<String, String> {
    let draft = Draft { groups: vec![text.to_owned()], ..Draft::default() };
    validated(&draft).map(|()| text.to_owned())
}

/// A value that selects invites. A blank one, such as an unset variable of a shell, would select far more than intended.
pub(super) fn condition(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("it is empty, which would not select by it; leave the option out, or give a value");
    }
    Ok(text.to_owned())
}

/// The name of a key.
pub(super) fn key_name(text: &str) -> Result<String, String> {
    let key = NewKey { name: Some(text.to_owned()), ..NewKey::default() };
    key.validate().map_err(in_words).map(|()| text.to_owned())
}

/// A note, by the rules for invites.
pub(super) fn note(text: &str) -> Result<String, String> {
    let draft = Draft { note: Some(text.to_owned()), ..Draft::default() };
    validated(&draft).map(|()| text.to_owned())
}

/// A word to the invited person.
pub(super) fn message(text: &str) -> Result<BlankIsNone<Message>, DisplayTextError> {
    Message::parse(text).map(BlankIsNone)
}

/// The display name of the inviter.
pub(super) fn inviter_name(text: &str) -> Result<BlankIsNone<InviterName>, DisplayTextError> {
    InviterName::parse(text).map(BlankIsNone)
}

/// The language of the pages.
pub(super) fn language(text: &str) -> Result<BlankIsNone<LanguageTag>, LanguageTagError> {
    LanguageTag::parse(text).map(BlankIsNone)
}

/// Validates a draft of which one field differs from the default.
fn validated(draft: &Draft) -> Result<(), String> {
    draft.validate().map_err(in_words)
}

/// The reasons of a refusal, without the names of the API's fields.
fn in_words(refusal: Refusal) -> String {
    match refusal {
        Refusal::Invalid(errors) => {
            errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

pub(super) fn uses(text: &str) -> Result<Uses, &'static str> {
    match text {
        "unlimited" => Ok(Uses(None)),
        _ => match text.parse() {
            Ok(count) if count > 0 => Ok(Uses(Some(count))),
            _ => Err("expected a number of at least 1, or unlimited"),
        },
    }
}

/// The number of invites of one command.
pub(super) fn count(text: &str) -> Result<u32, &'static str> {
    match text.parse() {
        Ok(count @ 1..=10_000_000) => Ok(count),
        _ => Err("expected a whole number from 1 to 10000000"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: &str = "0QXbC3d4E5f6G7h8J9kLmNpQrStU";

    #[test]
    fn a_misspelt_option_is_not_a_token() {
        for text in [T.to_owned(), format!("-{T}"), format!("--{T}"), format!("-- {T}"), format!("--\n{T}")] {
            assert_eq!(id_or_token(&text), Ok(text));
        }
        for text in ["--all", "--all\u{202e}", &format!("--state={T}")] {
            let error = id_or_token(text).unwrap_err();
            assert!(error.starts_with("there is no option --") && !error.contains('\u{202e}'), "{error}");
        }
    }

    #[test]
    fn a_count_is_a_whole_number() {
        assert_eq!((count("1"), count("10000000")), (Ok(1), Ok(10_000_000)));
        for text in ["0", "3.5", "-1", "", "10000001", "99999999999"] {
            assert_eq!(count(text), Err("expected a whole number from 1 to 10000000"), "{text}");
        }
    }

    #[test]
    fn an_empty_condition_is_refused() {
        assert_eq!(condition("7b"), Ok("7b".to_owned()));
        for text in ["", " ", "\n"] {
            assert!(condition(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_name_of_a_key_is_one_line() {
        assert_eq!(key_name("Our Portal"), Ok("Our Portal".to_owned()));
        for text in ["na\u{1b}me", "a\nb", &"x".repeat(201)] {
            assert!(key_name(text).is_err(), "{text:?}");
        }
    }
}
