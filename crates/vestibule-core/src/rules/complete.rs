//! Rule 3: whether a completed claim went too far.

/// Whether one redemption more goes beyond what the invite allows.
///
/// It happens only where a lease ran out before its claim was completed and somebody else took the use.
/// The account exists by then, so the redemption is recorded, and the over-use with it.
pub const fn exceeds(uses: u32, max_uses: Option<u32>) -> bool {
    match max_uses {
        Some(max) => uses >= max,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_use_is_fine_and_the_next_is_not() {
        assert!(!exceeds(0, Some(1)));
        assert!(exceeds(1, Some(1)));
        assert!(!exceeds(u32::MAX, None));
    }
}
