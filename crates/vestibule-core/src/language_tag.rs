//! Language tags (BCP 47).

use std::fmt;

use icu_locale_core::Locale;

/// A language tag in canonical case: `de`, `pt-BR`, `zh-Hant`, `de-x-formal`. The language need not be one of the pages.
///
/// The syntax is that of Unicode (UTS #35): BCP 47 without its obsolete forms, such as `zh-cmn` and `i-klingon`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LanguageTag(Box<str>);

/// The text is not a language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language tag: expected one such as de, pt-BR or zh-Hant (BCP 47), of at most 35 characters")]
pub struct LanguageTagError;

impl LanguageTag {
    /// Maximum length in bytes: what RFC 5646 section 4.4.1 asks of software that limits tags.
    pub const MAX_BYTES: usize = 35;

    /// The longest language codes that exist (ISO 639). Longer ones are names of languages, typed in place of a tag.
    const MAX_LANGUAGE_BYTES: usize = 3;

    /// Parses a tag in any case, also with underscores. `None` for a blank text.
    pub fn parse(text: &str) -> Result<Option<Self>, LanguageTagError> {
        let text = text.trim().replace('_', "-");
        if text.is_empty() {
            return Ok(None);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(LanguageTagError);
        }
        let locale = Locale::try_from_str(&text).map_err(|_| LanguageTagError)?;
        if locale.id.language.as_str().len() > Self::MAX_LANGUAGE_BYTES {
            return Err(LanguageTagError);
        }
        Ok(Some(Self::from_stored(locale.to_string())))
    }

    /// Converts a stored tag.
    pub fn from_stored(tag: String) -> Self {
        Self(tag.into_boxed_str())
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_is_kept_in_canonical_case() {
        for (text, tag) in [
            ("de", "de"),
            ("DE", "de"),
            (" en-us ", "en-US"),
            ("pt_br", "pt-BR"),
            ("zh-hANT", "zh-Hant"),
            ("ZH-hans-cn", "zh-Hans-CN"),
            ("es-419", "es-419"),
            ("de-X-Formal", "de-x-formal"),
            ("DE-1996", "de-1996"),
            ("haw", "haw"),
        ] {
            assert_eq!(LanguageTag::parse(text).unwrap().unwrap().as_str(), tag, "{text}");
        }
        for text in ["", " ", "\n"] {
            assert_eq!(LanguageTag::parse(text), Ok(None));
        }
    }

    #[test]
    fn other_text_is_rejected() {
        let long = format!("de-x-{}", ["abcdefgh"; 4].join("-"));
        assert!(long.len() > LanguageTag::MAX_BYTES);
        for text in
            ["d", "deutsch", "English", "de-", "-de", "de--AT", "de AT", "dé", "de\0", "12", "x", &long]
        {
            assert_eq!(LanguageTag::parse(text), Err(LanguageTagError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn parsing_is_idempotent(text in "[a-zA-Z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?(-x-[a-z0-9]{1,8})?") {
            let tag = LanguageTag::parse(&text).unwrap().unwrap();
            prop_assert!(tag.as_str().eq_ignore_ascii_case(&text));
            prop_assert_eq!(LanguageTag::parse(tag.as_str()), Ok(Some(tag)));
        }

        #[test]
        fn every_text_is_parsed_or_rejected(text in "\\PC{0,40}") {
            if let Ok(Some(tag)) = LanguageTag::parse(&text) {
                prop_assert!(tag.as_str().len() <= LanguageTag::MAX_BYTES && tag.as_str().is_ascii());
            }
        }
    }
}
