//! Timestamps and clocks.

use std::{fmt, time::Duration};

/// A timestamp: whole milliseconds since 1970-01-01T00:00:00Z, as in databases and tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not a timestamp between the years 1970 and 9999.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a time: expected RFC 3339, for example 2027-01-31T12:00:00Z")]
pub struct TimestampError;

impl Timestamp {
    /// The last timestamp, 9999-12-30T00:00:00Z: a day before the last one that jiff formats in every offset.
    const MAX_MILLIS: i64 = 253_402_128_000_000;

    /// The timestamp `millis` milliseconds after 1970-01-01T00:00:00Z, clamped to the years 1970 to 9999, so that every
    /// `Timestamp` can be formatted.
    pub const fn from_millis(millis: i64) -> Self {
        let millis = if millis < 0 { 0 } else { millis };
        Self(if millis > Self::MAX_MILLIS { Self::MAX_MILLIS } else { millis })
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This timestamp plus `span`, clamped to the last timestamp.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(millis(span)))
    }

    /// This timestamp minus `span`, clamped to 1970.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(millis(span)))
    }

    /// The time from `earlier` to this timestamp; zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// Parses RFC 3339 with any offset, for example `2027-01-31T13:00:00+01:00`.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| TimestampError)?;
        let millis = parsed.as_millisecond();
        if (0..=Self::MAX_MILLIS).contains(&millis) { Ok(Self(millis)) } else { Err(TimestampError) }
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC with whole seconds (XEP-0082): `2027-01-31T12:00:00Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0.div_euclid(1000)) {
            Ok(moment) => moment.fmt(f),
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

/// The source of the current time.
///
/// The binary uses the system clock; tests use a manual clock.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_round_trips() {
        let moment = Timestamp::from_millis(1_800_000_000_999);
        assert_eq!(moment.to_string(), "2027-01-15T08:00:00Z");
        assert_eq!(
            Timestamp::parse("2027-01-15T09:00:00+01:00"),
            Ok(Timestamp::from_millis(1_800_000_000_000))
        );
    }

    #[test]
    fn other_text_is_rejected() {
        for text in ["", "tomorrow", "2027-13-01T00:00:00Z", "1969-01-01T00:00:00Z", "2027-01-01"] {
            assert_eq!(Timestamp::parse(text), Err(TimestampError), "{text}");
        }
    }

    #[test]
    fn arithmetic_stays_in_range() {
        let last = Timestamp::from_millis(i64::MAX);
        assert_eq!(last.plus(Duration::from_secs(1)), last);
        assert!(last.to_string().starts_with("9999-"));
        assert_eq!(Timestamp::from_millis(5).minus(Duration::from_secs(1)).as_millis(), 0);
        assert_eq!(Timestamp::from_millis(5).since(last), Duration::ZERO);
    }
}
