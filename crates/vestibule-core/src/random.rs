//! Sources of randomness.

/// The operating system failed to provide random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system failed to provide random bytes: {0}")]
pub struct RandomnessError(pub String);

/// A source of random bytes for secrets.
///
/// The binary passes the operating system's generator; tests pass a counter, so that ids are stable.
pub trait Randomness: Send + Sync {
    /// Fills `bytes` completely, or fails.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError>;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Returns different bytes at each call, the same in each run.
    #[derive(Default)]
    pub(crate) struct Counter(AtomicU64);

    impl Randomness for Counter {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            for (index, byte) in bytes.iter_mut().enumerate() {
                let mixed = (count + 1)
                    .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                    .rotate_left(u32::try_from(index % 64).unwrap());
                *byte = mixed.to_le_bytes()[index % 8];
            }
            Ok(())
        }
    }
}
