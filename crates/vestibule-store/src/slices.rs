//! How a batch is cut into slices.

use std::{ops::Range, time::Duration};

/// TableIo of one slice at the most, and bytes of them: some milliseconds of a transaction.
const ROWS: usize = 250;
const BYTES: usize = 512 << 10;

/// After so long without a slice, a batch was broken off. Much longer than anything that a slice may wait for.
pub(crate) const STALE: Duration = Duration::from_mins(5);

/// The slices of a batch of so many rows, each of so many bytes, but for its last invite, which is written first: so the
/// places before it are taken.
pub(crate) fn slices(count: usize, row_bytes: usize) -> impl Iterator<Item = Range<usize>> {
    let size = (BYTES / row_bytes.max(1)).clamp(1, ROWS);
    let end = count.saturating_sub(1);
    (0..end).step_by(size).map(move |from| from..end.min(from + size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_hold_every_invite_but_the_last_once() {
        for count in [1, 2, 250, 251, 252, 10_000] {
            for row_bytes in [0, 512, 2_512, 2 * BYTES] {
                let all: Vec<_> = slices(count, row_bytes).flatten().collect();
                assert_eq!(all, (0..count - 1).collect::<Vec<_>>());
                let fits = |slice: &Range<usize>| {
                    slice.len() <= ROWS && slice.len() * row_bytes <= BYTES.max(row_bytes)
                };
                assert!(slices(count, row_bytes).all(|slice| !slice.is_empty() && fits(&slice)));
            }
        }
    }
}
