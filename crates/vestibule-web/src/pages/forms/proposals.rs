//! Proposals for a username: what was typed in letters that every app can type, and free names beside a taken one.

use any_ascii::any_ascii;
use vestibule_core::{StoreError, Username};

use super::{form_error::FormErrors, username};
use crate::pages::invite_context::InviteContext;

const MAX_PROPOSALS: usize = 3;

/// The maximum number of names that are looked up for one form.
const MAX_CANDIDATES: usize = 12;

/// The maximum length of a proposal.
const MAX_CHARACTERS: usize = 30;

/// Adds free usernames to an error about the typed one. Without any, or if the store does not answer, the error stays.
pub(super) async fn add(ctx: &InviteContext, typed: &str, errors: FormErrors) -> FormErrors {
    if !errors.can_have_proposals() || ctx.invite.username.is_some() {
        return errors;
    }
    match free(ctx, typed).await {
        Ok(names) => errors.with_proposals(names),
        Err(error) => {
            tracing::debug!(%error, "usernames could not be looked up");
            errors
        }
    }
}

/// Free usernames that resemble the typed text. The XMPP server may have further accounts.
async fn free(ctx: &InviteContext, typed: &str) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    let own = Username::parse_at(typed.trim(), &ctx.invite.host).ok();
    let candidates = candidates(typed, ctx.visitor.language.tag);
    for candidate in candidates.into_iter().filter(|candidate| Some(candidate) != own.as_ref()) {
        if username::refusal_or_taken(ctx, &candidate).await?.is_none() {
            names.push(candidate.to_string());
        }
        if names.len() == MAX_PROPOSALS {
            break;
        }
    }
    Ok(names)
}

/// Usernames that resemble the typed text, without the typed one itself.
fn candidates(typed: &str, language: &str) -> Vec<Username> {
    let words = words(typed, language);
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    let dotted = cut(&words.join("."));
    let mut texts = vec![dotted.clone()];
    if let Some(last) = rest.last() {
        let initial: String = first.chars().take(1).collect();
        texts.extend([cut(first), cut(&format!("{initial}.{last}")), cut(&words.concat())]);
    }
    texts.extend((2..=9).map(|number| format!("{dotted}{number}")));
    let own = Username::parse(typed.trim()).ok();
    let mut names: Vec<Username> = Vec::new();
    for name in texts.iter().filter(|text| text.len() > 1).filter_map(|text| Username::parse(text).ok()) {
        if Some(&name) != own.as_ref() && !names.contains(&name) && names.len() < MAX_CANDIDATES {
            names.push(name);
        }
    }
    names
}

/// The words of the typed text in small Latin letters and digits.
fn words(typed: &str, language: &str) -> Vec<String> {
    let name = typed.split('@').map(str::trim).find(|part| !part.is_empty()).unwrap_or_default();
    let name = if language.starts_with("de") { with_german_umlauts(name) } else { name.to_owned() };
    let letters: String = any_ascii(&name).to_ascii_lowercase().replace(['\'', '`', '"'], "");
    let is_legal = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_');
    let words = letters.split(|one: char| !is_legal(one)).map(|word| word.trim_matches(['-', '_']));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// German writes `ue` where there is no `ü`; other languages write `u`.
fn with_german_umlauts(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.to_lowercase().next().unwrap_or(letter) {
            'ä' => written.push_str("ae"),
            'ö' => written.push_str("oe"),
            'ü' => written.push_str("ue"),
            _ => written.push(letter),
        }
    }
    written
}

/// The beginning of a name, without punctuation at its end.
fn cut(text: &str) -> String {
    let end = text.len().min(MAX_CHARACTERS);
    text.get(..end).unwrap_or(text).trim_end_matches(['.', '-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn first(typed: &str, language: &str) -> Vec<String> {
        candidates(typed, language).iter().take(4).map(ToString::to_string).collect()
    }

    #[test]
    fn names_are_written_in_latin_letters() {
        for (typed, language, expected) in [
            ("Hans Müller", "de", "hans.mueller"),
            ("Hans Müller", "en", "hans.muller"),
            ("Straße Öl", "de-x-formal", "strasse.oel"),
            ("  Anna-Lena  Groß ", "de", "anna-lena.gross"),
            ("Мария Иванова", "ru", "mariya.ivanova"),
            ("Пётр Sidorov", "ru", "petr.sidorov"),
            ("سارة علي", "ar", "srh.ly"),
            ("たろう やまだ", "ja", "tarou.yamada"),
            ("Łukasz Żak", "pl", "lukasz.zak"),
            ("O’Neill J.", "en", "oneill.j"),
            ("juliet@elsewhere.example", "en", "juliet"),
            ("a/b", "en", "a.b"),
            (&"very long name ".repeat(9), "en", "very.long.name.very.long.name"),
        ] {
            assert_eq!(first(typed, language).first().map(String::as_str), Some(expected), "{typed}");
        }
        assert_eq!(first("Hans Müller", "de"), ["hans.mueller", "hans", "h.mueller", "hansmueller"]);
    }

    #[test]
    fn a_taken_name_is_followed_by_similar_ones() {
        assert_eq!(first("gertrud", "de"), ["gertrud2", "gertrud3", "gertrud4", "gertrud5"]);
        assert_eq!(first(" Gertrud", "de"), ["gertrud2", "gertrud3", "gertrud4", "gertrud5"]);
        assert_eq!(first("gertrud@example.com", "de")[..2], ["gertrud", "gertrud2"]);
        for nothing in ["", " ", "@", "!?", "\u{200b}"] {
            assert_eq!(first(nothing, "en"), [""; 0], "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn every_proposal_is_short_and_plain(typed in "\\PC{0,60}", german: bool) {
            for name in candidates(&typed, if german { "de" } else { "en" }) {
                let text = name.to_string();
                prop_assert!(text.len() <= MAX_CHARACTERS + 1, "{}", text);
                let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
                prop_assert!(text.bytes().all(plain), "{}", text);
            }
        }
    }
}
