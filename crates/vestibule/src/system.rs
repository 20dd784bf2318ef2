//! The system's clock and randomness. Only this module calls them.

use std::{
    mem,
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use vestibule_core::{Clock, Randomness, RandomnessError, Timestamp};

use crate::cli_error::CliError;

/// The system clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "every other module receives this clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The operating system's randomness, read in blocks: one system call per token would cost more than generating the
/// token.
#[derive(Default)]
pub(crate) struct SystemRandomness(Mutex<Block>);

struct Block {
    bytes: [u8; 1024],
    /// Number of bytes already used.
    used: usize,
}

impl Default for Block {
    fn default() -> Self {
        Self { bytes: [0; 1024], used: 1024 }
    }
}

impl Randomness for SystemRandomness {
    #[expect(clippy::disallowed_methods, reason = "every other module receives this source")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        let mut block = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in bytes {
            if block.used == block.bytes.len() {
                getrandom::fill(&mut block.bytes).map_err(|error| RandomnessError(error.to_string()))?;
                block.used = 0;
            }
            // Returned bytes are erased from the block.
            let used = block.used;
            *byte = mem::take(&mut block.bytes[used]);
            block.used += 1;
        }
        Ok(())
    }
}

/// 2026-01-01: a correct clock never shows an earlier time.
const EARLIEST: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// 2081-01-01: the end of the time range of tokens.
const LATEST: Timestamp = Timestamp::from_millis(3_502_915_200_000);

/// Rejects an impossible clock, because its time would be written into every invite.
pub(crate) fn check_clock(now: Timestamp) -> Result<(), CliError> {
    if (EARLIEST..LATEST).contains(&now) {
        return Ok(());
    }
    Err(CliError::message(format!(
        "the system clock is wrong ({now}); set it (timedatectl, or wait for NTP) and start again"
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
    fn an_impossible_clock_is_rejected() {
        assert!(check_clock(Timestamp::from_millis(0)).is_err());
        assert!(check_clock(Timestamp::from_millis(1_800_000_000_000)).is_ok());
        assert!(check_clock(Timestamp::from_millis(i64::MAX)).is_err());
    }
}
