//! Date formats of the languages.

use icu_datetime::{
    DateTimeFormatter,
    fieldsets::{YMDE, YMDET},
    input::{Date, DateTime, Time},
};
use icu_locale_core::Locale;
use vestibule_core::Timestamp;

/// The date format of a language.
pub(super) struct DateFormat(Option<DateTimeFormatter<YMDET>>);

impl DateFormat {
    /// The date format of the language with this tag.
    pub(super) fn of(tag: &str) -> Self {
        let formatter = Locale::try_from_str(tag)
            .ok()
            .and_then(|locale| DateTimeFormatter::try_new(locale.into(), YMDE::long().with_time_hm()).ok());
        if formatter.is_none() {
            tracing::error!(tag, "the language has no date format");
        }
        Self(formatter)
    }

    /// Formats a timestamp in UTC, with minute precision.
    pub(super) fn format(&self, timestamp: Timestamp) -> String {
        let plain = timestamp.to_string();
        let formatted = self.0.as_ref().and_then(|formatter| {
            let number = |from: usize, to: usize| plain.get(from..to)?.parse::<u8>().ok();
            let year = plain.get(..4)?.parse().ok()?;
            let date = Date::try_new_iso(year, number(5, 7)?, number(8, 10)?).ok()?;
            let time = Time::try_new(number(11, 13)?, number(14, 16)?, 0, 0).ok()?;
            Some(format!("{} UTC", formatter.format(&DateTime { date, time })))
        });
        formatted.unwrap_or(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_format() {
        let timestamp = Timestamp::from_millis(1_800_000_000_000);
        for (tag, expected) in [
            ("en", "Friday, January 15, 2027 at 8:00\u{202f}AM UTC"),
            ("de", "Freitag, 15. Januar 2027 um 08:00 UTC"),
            ("ja", "2027年1月15日金曜日 8:00 UTC"),
            ("fa", "جمعه ۲۵ دی ۱۴۰۵ ساعت ۸:۰۰ UTC"),
        ] {
            assert_eq!(DateFormat::of(tag).format(timestamp), expected);
        }
    }
}
