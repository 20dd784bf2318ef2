//! A language: its messages and date formats.

use std::{fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;
use vestibule_core::Timestamp;

use super::{dates::Dates, locales::Locale};

/// A language of the pages.
pub(crate) struct Language {
    /// Its tag (BCP 47).
    pub(crate) tag: &'static str,
    /// Its name in the language itself.
    pub(crate) name: &'static str,
    /// It is written from right to left.
    pub(crate) right_to_left: bool,
    i18n: Messages,
    fallback: Arc<Messages>,
    dates: Dates,
}

/// The messages of a language.
pub(crate) struct Messages(FluentBundle<FluentResource>);

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

impl Messages {
    /// Reads them. Our own files are read by the tests, so that a broken one does not get here; what can be read
    /// of one is used.
    pub(super) fn read(locale: &Locale) -> Self {
        let language: LanguageIdentifier = locale.tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Names are set apart from the text around them by elements (`bdi`), not by invisible characters.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(locale.text.to_owned()).unwrap_or_else(|(part, errors)| {
            tracing::error!(language = locale.tag, ?errors, "a file of messages is broken");
            part
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(language = locale.tag, ?errors, "a file of messages is broken");
        }
        Self(bundle)
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.0.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.0.format_pattern(pattern, Some(args), &mut errors);
        if errors.is_empty() {
            return Some(text.into_owned());
        }
        tracing::error!(key, ?errors, "a message could not be made");
        None
    }
}

impl Language {
    pub(super) fn load(locale: &Locale, fallback: Arc<Messages>) -> Self {
        Self {
            tag: locale.tag,
            name: locale.name,
            right_to_left: locale.right_to_left,
            i18n: Messages::read(locale),
            fallback,
            dates: Dates::of(locale.tag),
        }
    }

    /// A message as plain text, in English if this language lacks it.
    pub(crate) fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        self.i18n.format(key, args).or_else(|| self.fallback.format(key, args)).unwrap_or_else(|| {
            tracing::error!(key, "a message is missing");
            key.to_owned()
        })
    }

    /// A moment in UTC, to the minute, as this language writes it.
    pub(crate) fn date(&self, moment: Timestamp) -> String {
        self.dates.write(moment)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.tag)
    }
}
