//! Rate limits.

use std::{fmt, str::FromStr, time::Duration};

use crate::Timestamp;

/// So many calls per period, as in `60/min`. All of them may come at once; after that they come back one
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

/// Names of periods. The first name of each is the one that is written.
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
    /// How many calls may come at once.
    pub const fn burst(self) -> u32 {
        self.count
    }

    /// Whether it lets more calls through than `other`, at once or in the long run.
    pub fn is_faster_than(self, other: Self) -> bool {
        self.count > other.count || self.nanos_per_call() < other.nanos_per_call()
    }

    /// What one call costs, in nanoseconds of the period.
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

/// How much of a rate is used up: the generic cell rate algorithm, which needs one number per key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GcraState {
    /// GCRA theoretical arrival time, in nanoseconds since the epoch.
    theoretical_arrival: i128,
}

impl GcraState {
    /// Converts a stored state.
    pub const fn from_nanos(theoretical_arrival: i64) -> Self {
        Self { theoretical_arrival: theoretical_arrival as i128 }
    }

    /// When the rate will be whole again, in nanoseconds since 1970, as a database keeps it: until the year
    /// 2262, after which a rate is always whole.
    pub fn as_nanos(self) -> i64 {
        i64::try_from(self.theoretical_arrival).unwrap_or(i64::MAX)
    }

    /// Takes `calls` at `now`. Where they do not fit, nothing is taken, and the answer is how long to
    /// wait, rounded up to whole seconds, as `Retry-After` wants it.
    pub fn take(&mut self, rate: Rate, calls: u32, now: Timestamp) -> Result<(), Duration> {
        let now = i128::from(now.as_millis()) * 1_000_000;
        let capacity = rate.nanos_per_call() * i128::from(rate.count);
        // A clock that went back must not keep a key out for longer than its whole rate takes.
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
    fn text_goes_round() {
        for text in ["60/min", "5/s", "1000/h", "10000/d"] {
            assert_eq!(rate(text).to_string(), text);
        }
        assert_eq!(rate("60/m"), rate("60/min"));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in ["", "60", "60/", "/min", "0/min", "-1/min", "1000001/s", "60/week", "1.5/s", "+1/s"] {
            assert_eq!(text.parse::<Rate>(), Err(RateError), "{text}");
        }
    }

    #[test]
    fn a_burst_passes_then_calls_come_back_one_by_one() {
        let (rate, mut meter) = (rate("2/min"), GcraState::default());
        let at = |seconds: i64| Timestamp::from_millis(1_800_000_000_000 + seconds * 1000);
        assert_eq!(meter.take(rate, 1, at(0)), Ok(()));
        assert_eq!(meter.take(rate, 1, at(0)), Ok(()));
        assert_eq!(meter.take(rate, 1, at(0)), Err(Duration::from_secs(30)));
        assert_eq!(meter.take(rate, 1, at(29)), Err(Duration::from_secs(1)));
        assert_eq!(meter.take(rate, 1, at(30)), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_out_for_long() {
        let (rate, mut meter) = (rate("2/min"), GcraState::default());
        assert_eq!(meter.take(rate, 2, Timestamp::from_millis(1_900_000_000_000)), Ok(()));
        let wait = meter.take(rate, 1, Timestamp::from_millis(1_800_000_000_000)).unwrap_err();
        assert!(wait <= Duration::from_mins(1), "{wait:?}");
    }

    proptest! {
        #[test]
        fn never_more_than_burst_and_refill(gaps in prop::collection::vec(0_i64..20_000, 1..200)) {
            let (rate, mut meter) = (rate("5/min"), GcraState::default());
            let (mut now, mut taken) = (1_800_000_000_000, 0_i64);
            let start = now;
            for gap in gaps {
                now += gap;
                if meter.take(rate, 1, Timestamp::from_millis(now)).is_ok() {
                    taken += 1;
                }
                prop_assert!(taken <= 5 + (now - start) / 12_000);
            }
        }

        #[test]
        fn waiting_as_told_is_enough(first in 1_u32..6, second in 1_u32..6) {
            let (rate, mut meter) = (rate("5/min"), GcraState::default());
            let now = Timestamp::from_millis(1_800_000_000_000);
            prop_assert!(meter.take(rate, first, now).is_ok());
            if let Err(wait) = meter.take(rate, second, now) {
                prop_assert!(meter.take(rate, second, now.plus(wait)).is_ok());
            }
        }
    }
}
