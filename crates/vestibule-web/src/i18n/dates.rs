//! Date formats of the languages.

use icu_datetime::{
    DateTimeFormatter, DateTimeFormatterPreferences,
    fieldsets::{MD, MDT, YMD},
    input::{Date, DateTime, Time},
};
use icu_locale_core::Locale;
use vestibule_core::Timestamp;

/// Below this distance in milliseconds, a date has an hour. `static/page.js` has the same limit.
const SOON_MILLIS: i64 = 48 * 60 * 60 * 1000;

/// The date formats of a language. Sentences contain the dates, so they have no weekday, which some languages inflect.
pub(super) struct DateFormat(Option<Formatters>);

struct Formatters {
    soon: DateTimeFormatter<MDT>,
    this_year: DateTimeFormatter<MD>,
    another_year: DateTimeFormatter<YMD>,
}

impl DateFormat {
    /// The date formats of the language with this tag.
    pub(super) fn of(tag: &str) -> Self {
        let formatters = formatters(tag);
        if formatters.is_none() {
            tracing::error!(tag, "the language has no date format");
        }
        Self(formatters)
    }

    /// Formats a timestamp to come, in UTC. `static/page.js` replaces it by the visitor's local time in the same form.
    pub(super) fn format(&self, timestamp: Timestamp, now: Timestamp) -> String {
        let plain = timestamp.to_string();
        let formatted = self.0.as_ref().and_then(|formatters| {
            let number = |from: usize, to: usize| plain.get(from..to)?.parse::<u8>().ok();
            let year = plain.get(..4)?;
            let date = Date::try_new_iso(year.parse().ok()?, number(5, 7)?, number(8, 10)?).ok()?;
            if timestamp.as_millis() - now.as_millis() < SOON_MILLIS {
                let time = Time::try_new(number(11, 13)?, number(14, 16)?, 0, 0).ok()?;
                return Some(format!("{} UTC", formatters.soon.format(&DateTime { date, time })));
            }
            Some(if now.to_string().starts_with(year) {
                formatters.this_year.format(&date).to_string()
            } else {
                formatters.another_year.format(&date).to_string()
            })
        });
        formatted.unwrap_or(plain)
    }
}

fn formatters(tag: &str) -> Option<Formatters> {
    let preferences = DateTimeFormatterPreferences::from(Locale::try_from_str(tag).ok()?);
    Some(Formatters {
        soon: DateTimeFormatter::try_new(preferences, MD::long().with_time_hm()).ok()?,
        this_year: DateTimeFormatter::try_new(preferences, MD::long()).ok()?,
        another_year: DateTimeFormatter::try_new(preferences, YMD::long()).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    #[test]
    fn each_language_has_its_own_format() {
        // 2027-01-15T08:00:00Z
        let timestamp = 1_800_000_000_000;
        for (tag, this_year, soon, another_year) in [
            ("en", "January 15", "January 15 at 8:00\u{202f}AM UTC", "January 15, 2027"),
            ("de", "15. Januar", "15. Januar um 08:00 UTC", "15. Januar 2027"),
            ("pl", "15 stycznia", "15 stycznia 08:00 UTC", "15 stycznia 2027"),
            ("ru", "15 января", "15 января в 08:00 UTC", "15 января 2027\u{202f}г."),
            ("ja", "1月15日", "1月15日 8:00 UTC", "2027年1月15日"),
            ("fa", "۲۵ دی", "۲۵ دی ساعت ۸:۰۰ UTC", "۲۵ دی ۱۴۰۵"),
        ] {
            let on = |before: i64| {
                DateFormat::of(tag)
                    .format(Timestamp::from_millis(timestamp), Timestamp::from_millis(timestamp - before))
            };
            assert_eq!([on(3 * DAY), on(DAY), on(20 * DAY)], [this_year, soon, another_year], "{tag}");
        }
    }

    #[test]
    fn a_date_has_an_hour_if_it_is_less_than_two_days_away() {
        let format = DateFormat::of("de");
        let now = Timestamp::from_millis(1_800_000_000_000);
        let after = |millis: i64| format.format(Timestamp::from_millis(1_800_000_000_000 + millis), now);
        assert_eq!(after(2 * DAY), "17. Januar");
        assert_eq!(after(2 * DAY - 1), "17. Januar um 07:59 UTC");
        assert_eq!(after(-DAY), "14. Januar um 08:00 UTC");
    }
}
