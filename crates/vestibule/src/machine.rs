//! The machine's clock and randomness: the one place where they are touched.

use std::time::{SystemTime, UNIX_EPOCH};

use vestibule_core::{Clock, Randomness, RandomnessError, Timestamp};

use crate::failure::Failure;

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is handed")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The operating system's randomness.
pub(crate) struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[expect(clippy::disallowed_methods, reason = "this is the randomness that everybody else is handed")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        getrandom::fill(bytes).map_err(|error| RandomnessError(error.to_string()))
    }
}

/// 2026-01-01: no clock that is right shows an earlier time.
const EARLIEST: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// 2081-01-01: after that, tokens cannot tell their time any more.
const LATEST: Timestamp = Timestamp::from_millis(3_502_915_200_000);

/// Refuses a clock that cannot be right: what it says would be written into every invite.
pub(crate) fn check_clock(now: Timestamp) -> Result<(), Failure> {
    if (EARLIEST..LATEST).contains(&now) {
        return Ok(());
    }
    Err(Failure::words(format!(
        "the system's clock says {now}, which cannot be right; set it (timedatectl, or wait for NTP) and start again"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impossible_clock_is_refused() {
        assert!(check_clock(Timestamp::from_millis(0)).is_err());
        assert!(check_clock(Timestamp::from_millis(1_800_000_000_000)).is_ok());
        assert!(check_clock(Timestamp::from_millis(i64::MAX)).is_err());
    }
}
