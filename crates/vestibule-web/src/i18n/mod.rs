//! Translations of the pages.
//!
//! Messages are written in [Fluent](https://projectfluent.org), one file per language in `locales/`. English is the
//! source and the fallback. Tests reject messages that are missing, unknown or unused. ICU4X formats dates.

mod accept;
mod dates;
mod language;
mod locales;
mod translator;

use std::sync::Arc;

pub(crate) use language::{Language, Messages};
pub(crate) use translator::Translator;

/// All languages of the pages.
#[derive(Debug)]
pub(crate) struct Languages(Vec<Arc<Language>>);

impl Languages {
    /// Loads all languages.
    pub(crate) fn load() -> Self {
        let english = Arc::new(Messages::read(&locales::ENGLISH));
        let all = locales::ALL.iter();
        Self(all.map(|locale| Arc::new(Language::load(locale, Arc::clone(&english)))).collect())
    }

    /// All languages, in the order of the list on the page.
    pub(crate) fn all(&self) -> &[Arc<Language>] {
        &self.0
    }

    /// The language with this tag.
    pub(crate) fn by_tag(&self, tag: &str) -> Option<&Arc<Language>> {
        self.0.iter().find(|language| language.tag.eq_ignore_ascii_case(tag))
    }

    /// The best language for an `Accept-Language` header; English if none matches.
    pub(crate) fn accepted(&self, header: &str) -> &Arc<Language> {
        let find = |wanted: &str| {
            let primary = wanted.split('-').next().unwrap_or_default();
            let has_same_primary = |language: &&Arc<Language>| {
                language.tag.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(primary))
            };
            self.by_tag(wanted).or_else(|| self.0.iter().find(has_same_primary))
        };
        accept::by_preference(header).into_iter().find_map(find).unwrap_or(&self.0[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_language_is_used() {
        let languages = Languages::load();
        for (header, expected) in [
            ("", "en"),
            ("de", "de"),
            ("DE-AT, en;q=0.5", "de"),
            ("en;q=0.5, fr", "fr"),
            ("fr;q=0, de;q=0.1", "de"),
            ("tlh, zh-TW;q=0.9", "zh-Hans"),
            ("zh-Hans-CN", "zh-Hans"),
            ("pt-BR", "pt"),
            ("*", "en"),
            ("x;q=nonsense,,;;, \u{fffd}", "en"),
        ] {
            assert_eq!(languages.accepted(header).tag, expected, "{header}");
        }
    }
}
