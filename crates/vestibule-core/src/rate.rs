//! Rate limits.

use std::{fmt, str::FromStr, time::Duration};

use crate::Timestamp;

/// A number of calls per period, such as `60/min`. A burst can use all of them at once; then they become available one
/// by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    count: u32,
    period: Duration,
}

/// The text is not a rate.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "not a rate: expected a number from 1 to 1000000 and a period, for example 60/min, 5/s, 1000/h or 10000/d"
)]
pub struct RateError;

/// Names of periods. The first name of each is used for output.
const PERIODS: [(&str, u64); 8] = [
    ("s", 1),
    ("min", 60),
    ("h", 3_600),
    ("d", 86_400),
    ("sec", 1),
    ("m", 60),
    ("hour", 3_600),
    ("day", 86_400),
];

impl Rate {
    /// Maximum number of calls at once.
    pub const fn burst(self) -> u32 {
        self.count
    }

    /// Whether it allows more calls than `other`, at once or in the long run.
    pub fn is_faster_than(self, other: Self) -> bool {
        self.count > other.count || self.nanos_per_call() < other.nanos_per_call()
    }

    /// Cost of one call, in nanoseconds of the period.
    fn nanos_per_call(self) -> i128 {
        i128::try_from(self.period.as_nanos()).unwrap_or(i128::MAX) / i128::from(self.count)
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (count, period) = text.split_once('/').ok_or(RateError)?;
        if !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(RateError);
        }
        let count = count.parse().ok().filter(|count| (1..=1_000_000).contains(count)).ok_or(RateError)?;
        let (_, seconds) = PERIODS.iter().find(|(name, _)| *name == period).ok_or(RateError)?;
        Ok(Self { count, period: Duration::from_secs(*seconds) })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = PERIODS.iter().find(|(_, seconds)| *seconds == self.period.as_secs());
        write!(f, "{}/{}", self.count, name.map_or("s", |(name, _)| name))
    }
}

/// State of the generic cell rate algorithm (GCRA): one number per key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GcraState {
    /// Theoretical arrival time, in nanoseconds since 1970.
    theoretical_arrival: i128,
}

impl GcraState {
    /// Converts a stored state.
    pub const fn from_nanos(theoretical_arrival: i64) -> Self {
        Self { theoretical_arrival: theoretical_arrival as i128 }
    }

    /// The theoretical arrival time as stored, in nanoseconds since 1970. The format lasts until the year 2262; after
    /// that, the full burst is always available.
    pub fn as_nanos(self) -> i64 {
        i64::try_from(self.theoretical_arrival).unwrap_or(i64::MAX)
    }

    /// Takes `calls` at `now`. If they exceed the rate, takes none, and returns the time to wait, rounded up to whole
    /// seconds for `Retry-After`.
    pub fn take(&mut self, rate: Rate, calls: u32, now: Timestamp) -> Result<(), Duration> {
        let now = i128::from(now.as_millis()) * 1_000_000;
        let capacity = rate.nanos_per_call() * i128::from(rate.count);
        // If the clock goes back, a key waits at most until the full burst is available.
        let theoretical_arrival = self.theoretical_arrival.clamp(now, now + capacity);
        let after = theoretical_arrival + rate.nanos_per_call() * i128::from(calls);
        let excess = after - now - capacity;
        if excess > 0 {
            let seconds = u64::try_from((excess + 999_999_999) / 1_000_000_000).unwrap_or(u64::MAX);
            return Err(Duration::from_secs(seconds));
        }
        self.theoretical_arrival = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn text_round_trips() {
        for text in ["60/min", "5/s", "1000/h", "10000/d"] {
            assert_eq!(rate(text).to_string(), text);
        }
        assert_eq!(rate("60/m"), rate("60/min"));
    }

    #[test]
    fn other_text_is_rejected() {
        for text in ["", "60", "60/", "/min", "0/min", "-1/min", "1000001/s", "60/week", "1.5/s", "+1/s"] {
            assert_eq!(text.parse::<Rate>(), Err(RateError), "{text}");
        }
    }

    #[test]
    fn calls_become_available_one_by_one_after_a_burst() {
        let (rate, mut state) = (rate("2/min"), GcraState::default());
        let at = |seconds: i64| Timestamp::from_millis(1_800_000_000_000 + seconds * 1000);
        assert_eq!(state.take(rate, 1, at(0)), Ok(()));
        assert_eq!(state.take(rate, 1, at(0)), Ok(()));
        assert_eq!(state.take(rate, 1, at(0)), Err(Duration::from_secs(30)));
        assert_eq!(state.take(rate, 1, at(29)), Err(Duration::from_secs(1)));
        assert_eq!(state.take(rate, 1, at(30)), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_causes_no_long_wait() {
        let (rate, mut state) = (rate("2/min"), GcraState::default());
        assert_eq!(state.take(rate, 2, Timestamp::from_millis(1_900_000_000_000)), Ok(()));
        let wait = state.take(rate, 1, Timestamp::from_millis(1_800_000_000_000)).unwrap_err();
        assert!(wait <= Duration::from_mins(1), "{wait:?}");
    }

    proptest! {
        #[test]
        fn calls_never_exceed_burst_and_refill(gaps in prop::collection::vec(0_i64..20_000, 1..200)) {
            let (rate, mut state) = (rate("5/min"), GcraState::default());
            let (mut now, mut taken) = (1_800_000_000_000, 0_i64);
            let start = now;
            for gap in gaps {
                now += gap;
                if state.take(rate, 1, Timestamp::from_millis(now)).is_ok() {
                    taken += 1;
                }
                prop_assert!(taken <= 5 + (now - start) / 12_000);
            }
        }

        #[test]
        fn the_returned_wait_suffices(first in 1_u32..6, second in 1_u32..6) {
            let (rate, mut state) = (rate("5/min"), GcraState::default());
            let now = Timestamp::from_millis(1_800_000_000_000);
            prop_assert!(state.take(rate, first, now).is_ok());
            if let Err(wait) = state.take(rate, second, now) {
                prop_assert!(state.take(rate, second, now.plus(wait)).is_ok());
            }
        }
    }
}
