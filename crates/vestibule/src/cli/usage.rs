//! What is printed when the command line is wrong.

use std::borrow::Cow;

use clap::{
    Error,
    builder::StyledStr,
    error::{ContextKind, ContextValue},
};

use crate::terminal::{visible, visible_lines};

/// With what the program ends when its command line is wrong.
const WRONG_USAGE: i32 = 2;

/// Prints the error, or the help or version that was asked for, and ends the program.
pub(super) fn exit(error: Error) -> ! {
    if !error.use_stderr() {
        error.exit();
    }
    let error = shown(error);
    let text = error.render().to_string();
    match visible_lines(&text) {
        // With colors, where there are any.
        Cow::Borrowed(_) => error.exit(),
        Cow::Owned(text) => {
            eprint!("{text}");
            std::process::exit(WRONG_USAGE);
        }
    }
}

/// The same error with what was typed written out, so that no line break in it can be taken for one of `clap`'s.
fn shown(mut error: Error) -> Error {
    let context: Vec<_> =
        error.context().filter_map(|(kind, value)| Some((kind, visible_value(kind, value)?))).collect();
    for (kind, value) in context {
        error.insert(kind, value);
    }
    error
}

/// `None` where nothing of it has to be written out.
fn visible_value(kind: ContextKind, value: &ContextValue) -> Option<ContextValue> {
    let is_plain = |text: &str| matches!(visible(text), Cow::Borrowed(_));
    match value {
        ContextValue::String(text) if !is_plain(text) => {
            Some(ContextValue::String(visible(text).into_owned()))
        }
        ContextValue::Strings(texts) if !texts.iter().all(|text| is_plain(text)) => {
            Some(ContextValue::Strings(texts.iter().map(|text| visible(text).into_owned()).collect()))
        }
        // Suggestions repeat what was typed. They lose their colors then.
        ContextValue::StyledStrs(texts) if kind == ContextKind::Suggested => {
            let plain: Vec<_> = texts.iter().map(ToString::to_string).collect();
            let written = || plain.iter().map(|text| StyledStr::from(visible(text).into_owned())).collect();
            (!plain.iter().all(|text| is_plain(text))).then(|| ContextValue::StyledStrs(written()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn what_was_typed_stays_in_its_line() {
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
            let text = visible_lines(&text);
            assert!(text.contains("pend\\u{202e}ing\\u{9b}\\nX"), "{text}");
            assert!(text.lines().count() > 2, "{text}");
            assert!(!text.lines().any(|line| line.starts_with('X')), "{text}");
        }
    }
}
