//! Rule 3: whether a completed claim exceeds the uses of its invite.

/// Whether one more redemption exceeds the uses of the invite.
///
/// This happens only if a lease expired before its claim was completed and the use was claimed again. The account
/// exists by then, so the redemption is recorded together with the over-use.
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
    fn only_uses_beyond_the_last_exceed() {
        assert!(!exceeds(0, Some(1)));
        assert!(exceeds(1, Some(1)));
        assert!(!exceeds(u32::MAX, None));
    }
}
