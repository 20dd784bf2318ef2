//! A language: its messages and date formats.

use std::{fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
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
    /// Tag of the language that this is a variant of, which is the tag itself if it is not a variant.
    pub(crate) base_tag: &'static str,
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
        let language: LanguageIdentifier = locale.language_tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // `bdi` elements isolate the direction of values, so no invisible characters are needed.
        bundle.set_use_isolating(false);
        if PERSIAN_DIGITS.contains(&locale.tag) {
            bundle.set_formatter(Some(persian_digits));
        }
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

/// Languages whose numbers are written with Persian digits, as ICU writes their dates.
const PERSIAN_DIGITS: &[&str] = &["fa"];

/// Formats numbers with Persian digits.
fn persian_digits<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let persian =
        |one: char| one.to_digit(10).and_then(|digit| char::from_u32(0x06F0 + digit)).unwrap_or(one);
    Some(number.as_string().chars().map(persian).collect())
}

impl Language {
    pub(super) fn load(locale: &Locale, fallback: Arc<Messages>) -> Self {
        Self {
            tag: locale.tag,
            name: locale.name,
            right_to_left: locale.right_to_left,
            base_tag: locale.language_tag(),
            messages: Messages::read(locale),
            fallback,
            dates: DateFormat::of(locale.language_tag()),
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
        items.join(&self.format("list-separator", &FluentArgs::new()))
    }

    /// Whether this is a variant of another language, which only the operator chooses.
    pub(crate) fn is_variant(&self) -> bool {
        self.tag != self.base_tag
    }

    /// A date to come, in UTC: day and month, with the hour if it is soon, or with the year if it is another one.
    pub(crate) fn date(&self, timestamp: Timestamp, now: Timestamp) -> String {
        self.dates.format(timestamp, now)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.tag)
    }
}
