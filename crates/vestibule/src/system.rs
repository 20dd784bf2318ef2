//! The machine's clock and randomness: the one place where they are touched.

use std::{
    mem,
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use vestibule_core::{Clock, Randomness, RandomnessError, Timestamp};

use crate::cli_error::CliError;

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is handed")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The operating system's randomness, fetched a block at a time: a system call for each token would cost
/// more than the rest of drawing it.
#[derive(Default)]
pub(crate) struct SystemRandomness(Mutex<Block>);

struct Block {
    bytes: [u8; 1024],
    /// How many of the bytes are used up.
    used: usize,
}

impl Default for Block {
    fn default() -> Self {
        Self { bytes: [0; 1024], used: 1024 }
    }
}

impl Randomness for SystemRandomness {
    #[expect(clippy::disallowed_methods, reason = "this is the randomness that everybody else is handed")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        let mut block = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in bytes {
            if block.used == block.bytes.len() {
                getrandom::fill(&mut block.bytes).map_err(|error| RandomnessError(error.to_string()))?;
                block.used = 0;
            }
            // What is handed out does not stay.
            let used = block.used;
            *byte = mem::take(&mut block.bytes[used]);
            block.used += 1;
        }
        Ok(())
    }
}

/// 2026-01-01: no clock that is right shows an earlier time.
const EARLIEST: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// 2081-01-01: after that, tokens cannot tell their time any more.
const LATEST: Timestamp = Timestamp::from_millis(3_502_915_200_000);

/// Refuses a clock that cannot be right: what it says would be written into every invite.
pub(crate) fn check_clock(now: Timestamp) -> Result<(), CliError> {
    if (EARLIEST..LATEST).contains(&now) {
        return Ok(());
    }
    Err(CliError::message(format!(
        "the system's clock says {now}, which cannot be right; set it (timedatectl, or wait for NTP) and start again"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_bytes_do_not_repeat_across_blocks() {
        let randomness = SystemRandomness::default();
        let mut seen = std::collections::HashSet::new();
        for _ in 0..500 {
            let mut bytes = [0; 24];
            randomness.fill(&mut bytes).unwrap();
            assert!(seen.insert(bytes));
        }
    }

    #[test]
    fn an_impossible_clock_is_refused() {
        assert!(check_clock(Timestamp::from_millis(0)).is_err());
        assert!(check_clock(Timestamp::from_millis(1_800_000_000_000)).is_ok());
        assert!(check_clock(Timestamp::from_millis(i64::MAX)).is_err());
    }
}
