//! A language: its messages and date formats.

use std::{fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;
use vestibule_core::Timestamp;

use super::{dates::DateFormat, locales::Locale};

/// A language of the pages.
pub(crate) struct Language {
    /// BCP 47 tag.
    pub(crate) tag: &'static str,
    /// Name in the language itself.
    pub(crate) name: &'static str,
    /// Whether the language is written from right to left.
    pub(crate) right_to_left: bool,
    messages: Messages,
    fallback: Arc<Messages>,
    dates: DateFormat,
}

/// The messages of a language.
pub(crate) struct Messages(FluentBundle<FluentResource>);

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Messages")
    }
}

impl Messages {
    /// Parses the messages of a locale. Tests parse all locales; the valid part of a broken file is used.
    pub(super) fn read(locale: &Locale) -> Self {
        let language: LanguageIdentifier = locale.tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // `bdi` elements isolate the direction of values, so no invisible characters are needed.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(locale.text.to_owned()).unwrap_or_else(|(part, errors)| {
            tracing::error!(language = locale.tag, ?errors, "a message file is broken");
            part
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(language = locale.tag, ?errors, "a message file is broken");
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
        tracing::error!(key, ?errors, "a message could not be formatted");
        None
    }
}

impl Language {
    pub(super) fn load(locale: &Locale, fallback: Arc<Messages>) -> Self {
        Self {
            tag: locale.tag,
            name: locale.name,
            right_to_left: locale.right_to_left,
            messages: Messages::read(locale),
            fallback,
            dates: DateFormat::of(locale.tag),
        }
    }

    /// A message as plain text, in English if this language lacks it.
    pub(crate) fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        self.messages.format(key, args).or_else(|| self.fallback.format(key, args)).unwrap_or_else(|| {
            tracing::error!(key, "a message is missing");
            key.to_owned()
        })
    }

    /// Joins the items of a list.
    pub(crate) fn list(&self, items: &[String]) -> String {
        items.join(match self.tag.split('-').next() {
            Some("ja" | "zh") => "、",
            Some("ar" | "fa") => "، ",
            _ => ", ",
        })
    }

    /// Formats a timestamp in UTC, with minute precision.
    pub(crate) fn date(&self, timestamp: Timestamp) -> String {
        self.dates.format(timestamp)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.tag)
    }
}
