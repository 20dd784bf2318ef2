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

    /// All languages, in the order of the list on the page, with every variant after its language.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn all(&self) -> &[Arc<Language>] {
        &self.0
    }

    /// The languages that a page lists if this is its language: a variant takes the place of its language.
    pub(crate) fn listed(&self, shown: &Language) -> impl Iterator<Item = &Arc<Language>> {
        self.0.iter().filter(move |language| {
            if shown.is_variant() && language.language_tag == shown.language_tag {
                language.tag == shown.tag
            } else {
                !language.is_variant()
            }
        })
    }

    /// The language with this tag, or with the tag that replaced it.
    pub(crate) fn by_tag(&self, tag: &str) -> Option<&Arc<Language>> {
        let tag = accept::current(tag);
        self.0.iter().find(|language| language.tag.eq_ignore_ascii_case(tag))
    }

    /// The language on a host that has chosen a default language: a variant only if it is that one, and that one
    /// instead of its language.
    pub(crate) fn on_host<'a>(
        &'a self,
        language: &'a Arc<Language>,
        host_default: Option<&str>,
    ) -> &'a Arc<Language> {
        let default = host_default.and_then(|tag| self.by_tag(tag));
        match default {
            Some(default) if default.language_tag == language.language_tag => default,
            _ if language.is_variant() => self.by_tag(language.language_tag).unwrap_or(language),
            _ => language,
        }
    }

    /// The best language for an `Accept-Language` header, if any matches.
    pub(crate) fn accepted(&self, header: &str) -> Option<&Arc<Language>> {
        accept::by_preference(header).into_iter().find_map(|range| self.closest(range))
    }

    /// The language that is closest to a tag or range: the same one, else one with the same primary subtag.
    pub(crate) fn closest(&self, range: &str) -> Option<&Arc<Language>> {
        let primary = range.split('-').next().unwrap_or_default();
        let has_same_primary = |language: &&Arc<Language>| {
            language.tag.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(primary))
        };
        self.by_tag(range)
            .or_else(|| self.by_tag(accept::resolved(range)?))
            .or_else(|| self.0.iter().find(has_same_primary))
    }

    /// The language of visitors who accept none of ours, on hosts without a default language.
    pub(crate) fn english(&self) -> &Arc<Language> {
        &self.0[0]
    }
}

/// The tag of a language as its file has it; the error lists all tags.
pub(crate) fn known_tag(text: &str) -> Result<&'static str, UnknownLanguage> {
    let tag = accept::current(text.trim());
    let known = locales::ALL.iter().map(|locale| locale.tag);
    let found = known.clone().find(|known| known.eq_ignore_ascii_case(tag));
    found.ok_or_else(|| UnknownLanguage { tag: text.to_owned(), known: known.collect::<Vec<_>>().join(", ") })
}

/// A setting names a language that the pages do not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no language {tag:?}; the known languages are {known}")]
pub struct UnknownLanguage {
    /// The tag.
    pub tag: String,
    /// All tags.
    pub known: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_language_is_used() {
        let languages = Languages::load();
        for (header, expected) in [
            ("", None),
            ("de", Some("de")),
            ("DE-AT, en;q=0.5", Some("de")),
            ("en;q=0.5, fr", Some("fr")),
            ("fr;q=0, de;q=0.1", Some("de")),
            ("tlh, zh-TW;q=0.9", Some("zh-Hant")),
            ("zh-HK", Some("zh-Hant")),
            ("zh-hant-cn", Some("zh-Hant")),
            ("zh-Hans-HK", Some("zh-Hans")),
            ("zh-SG", Some("zh-Hans")),
            ("zh", Some("zh-Hans")),
            ("pt", Some("pt-BR")),
            ("pt-br", Some("pt-BR")),
            ("pt-AO, en", Some("pt-PT")),
            ("*", None),
            ("tlh", None),
            ("x;q=nonsense,,;;, \u{fffd}", None),
        ] {
            assert_eq!(languages.accepted(header).map(|language| language.tag), expected, "{header}");
        }
    }

    #[test]
    fn a_variant_takes_the_place_of_its_language_where_the_host_chooses_it() {
        let languages = Languages::load();
        for (tag, host_default, expected) in [
            ("de", None, "de"),
            ("de", Some("de-x-formal"), "de-x-formal"),
            ("de-x-formal", Some("de-x-formal"), "de-x-formal"),
            ("de-x-formal", Some("fr"), "de"),
            ("de-x-formal", Some("de"), "de"),
            ("fr", Some("de-x-formal"), "fr"),
            ("pt-BR", Some("pt-PT"), "pt-BR"),
        ] {
            let language = languages.on_host(languages.by_tag(tag).unwrap(), host_default);
            assert_eq!(language.tag, expected, "{tag} {host_default:?}");
            let listed: Vec<_> = languages.listed(language).map(|language| language.name).collect();
            assert_eq!(listed.iter().filter(|name| **name == "Deutsch").count(), 1, "{listed:?}");
            assert!(languages.listed(language).any(|listed| listed.tag == expected), "{expected}");
        }
    }

    #[test]
    fn numbers_have_the_digits_of_the_language() {
        let languages = Languages::load();
        let format = |tag, count: u32| {
            let args = [("count", count)].into_iter().collect();
            languages.by_tag(tag).unwrap().format("join-places", &args)
        };
        assert!(format("fa", 25).contains("۲۵"), "{}", format("fa", 25));
        assert!(format("ar", 25).contains("25"), "{}", format("ar", 25));
        assert!(format("ru", 21).contains("21"), "{}", format("ru", 21));
    }

    #[test]
    fn every_plural_form_of_a_language_is_its_own() {
        let languages = Languages::load();
        for (tag, counts) in [
            ("ru", [1, 2, 5].as_slice()),
            ("ar", &[1, 2, 3, 11, 100]),
            ("pt-PT", &[1, 2]),
            ("de-x-formal", &[1, 2]),
        ] {
            let language = languages.by_tag(tag).unwrap();
            let text = |count: i32| {
                let args = [("count", count)].into_iter().collect();
                language.format("join-places", &args).replace(&count.to_string(), "N")
            };
            let texts: std::collections::BTreeSet<_> = counts.iter().map(|count| text(*count)).collect();
            assert_eq!(texts.len(), counts.len(), "{tag}: {texts:?}");
        }
    }

    #[test]
    fn an_unknown_language_is_an_error_that_lists_the_known_ones() {
        assert_eq!(known_tag("PT"), Ok("pt-BR"));
        assert_eq!(known_tag(" de-X-formal "), Ok("de-x-formal"));
        let error = known_tag("tlh").unwrap_err().to_string();
        assert!(
            error.starts_with(
                "there is no language \"tlh\"; the known languages are en, de, de-x-formal, es, "
            ),
            "{error}"
        );
    }
}
