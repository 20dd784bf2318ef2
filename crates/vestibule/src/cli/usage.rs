//! Usage errors.

use std::borrow::Cow;

use clap::{
    Error,
    builder::StyledStr,
    error::{ContextKind, ContextValue},
};

use crate::terminal::{escape_for_terminal, escape_lines_for_terminal};

/// Exit status on wrong usage.
const WRONG_USAGE: i32 = 2;

/// Prints the error, or the requested help or version, and exits.
pub(super) fn exit(error: Error) -> ! {
    if !error.use_stderr() {
        error.exit();
    }
    let error = shown(error);
    let text = error.render().to_string();
    match escape_lines_for_terminal(&text) {
        // Keeps colors.
        Cow::Borrowed(_) => error.exit(),
        Cow::Owned(text) => {
            eprint!("{text}");
            std::process::exit(WRONG_USAGE);
        }
    }
}

/// The same error with user input escaped, so that a line break in it cannot forge output.
fn shown(mut error: Error) -> Error {
    let context: Vec<_> =
        error.context().filter_map(|(kind, value)| Some((kind, visible_value(kind, value)?))).collect();
    for (kind, value) in context {
        error.insert(kind, value);
    }
    error
}

/// `None` if the value is shown unchanged.
fn visible_value(kind: ContextKind, value: &ContextValue) -> Option<ContextValue> {
    let is_plain = |text: &str| typed(text) == text;
    match value {
        ContextValue::String(text) if !is_plain(text) => Some(ContextValue::String(typed(text))),
        ContextValue::Strings(texts) if !texts.iter().all(|text| is_plain(text)) => {
            Some(ContextValue::Strings(texts.iter().map(|text| typed(text)).collect()))
        }
        // Suggestions repeat user input. Escaping drops their colors.
        ContextValue::StyledStrs(texts) if kind == ContextKind::Suggested => {
            let plain: Vec<_> = texts.iter().map(ToString::to_string).collect();
            let written = || plain.iter().map(|text| StyledStr::from(typed(text))).collect();
            (!plain.iter().all(|text| is_plain(text))).then(|| ContextValue::StyledStrs(written()))
        }
        _ => None,
    }
}

/// Number of characters of user input that an error repeats.
const MAX_TYPED: usize = 120;

/// The beginning of user input in one line, without the user and password of a URL.
fn typed(text: &str) -> String {
    let (text, more) = match text.char_indices().nth(MAX_TYPED) {
        Some((end, _)) => (&text[..end], "..."),
        None => (text, ""),
    };
    let secret = text.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1)));
    match secret {
        Some((scheme, place)) => escape_for_terminal(&format!("{scheme}://...@{place}{more}")).into_owned(),
        None => escape_for_terminal(text).into_owned() + more,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn user_input_stays_on_one_line() {
        let evil = "pend\u{202e}ing\u{9b}\nX";
        for args in [
            &["invites", "list", "a.example", "--state", evil][..],
            &[evil],
            &["invites", evil],
            &["keys", "list", "a.example", evil],
            &["keys", "list", "a.example", &format!("--{evil}")],
            &["keys", "list", "a.example", &format!("--json={evil}")],
            &["invites", "show", "a.example", &format!("--{evil}")],
        ] {
            let error = Cli::try_parse_from([&["vestibule"], args].concat()).unwrap_err();
            let text = shown(error).render().to_string();
            let text = escape_lines_for_terminal(&text);
            assert!(text.contains("pend\\u{202e}ing\\u{9b}\\nX"), "{text}");
            assert!(text.lines().count() > 2, "{text}");
            assert!(!text.lines().any(|line| line.starts_with('X')), "{text}");
        }
    }

    #[test]
    fn long_input_is_not_repeated_in_full() {
        let note = "n".repeat(3_000);
        let args = ["vestibule", "invites", "create", "a.example", "--note", &note];
        let text = shown(Cli::try_parse_from(args).unwrap_err()).render().to_string();
        assert!(text.contains("nnn...") && text.contains("at most 2000 bytes") && text.len() < 500, "{text}");
    }

    #[test]
    fn passwords_are_not_repeated() {
        for url in ["http://ann:s3cret@a.example:4318", "http://ann:s3@s3cret@a.example/\n"] {
            for args in [["serve", "--otlp-endpoint", url], ["keys", "list", url], ["serve", "--host", url]] {
                let Err(error) = Cli::try_parse_from([&["vestibule"], &args[..]].concat()) else { continue };
                let text = shown(error).render().to_string();
                assert!(!text.contains("s3"), "{text}");
            }
            let error = Cli::try_parse_from(["vestibule", &format!("--otlp={url}")]).unwrap_err();
            assert!(!shown(error).render().to_string().contains("s3"));
        }
    }
}
