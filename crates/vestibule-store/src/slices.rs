//! Slices of a batch.

use std::{ops::Range, time::Duration};

/// Maximum number of rows of a slice, which keeps its transaction to a few milliseconds.
const MAX_ROWS: usize = 250;

/// Maximum size of a slice's rows in bytes.
const MAX_BYTES: usize = 512 << 10;

/// Time without a new slice after which a batch counts as abandoned. Much longer than a slice can wait.
pub(crate) const ABANDONED_AFTER: Duration = Duration::from_mins(5);

/// The slices of a batch of `count` rows of `row_bytes` each. The last row is not in a slice: it is written first, to
/// reserve the row keys.
pub(crate) fn slices(count: usize, row_bytes: usize) -> impl Iterator<Item = Range<usize>> {
    let size = (MAX_BYTES / row_bytes.max(1)).clamp(1, MAX_ROWS);
    let end = count.saturating_sub(1);
    (0..end).step_by(size).map(move |from| from..end.min(from + size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_contain_each_invite_but_the_last_once() {
        for count in [1, 2, 250, 251, 252, 10_000] {
            for row_bytes in [0, 512, 2_512, 2 * MAX_BYTES] {
                let all: Vec<_> = slices(count, row_bytes).flatten().collect();
                assert_eq!(all, (0..count - 1).collect::<Vec<_>>());
                let fits = |slice: &Range<usize>| {
                    slice.len() <= MAX_ROWS && slice.len() * row_bytes <= MAX_BYTES.max(row_bytes)
                };
                assert!(slices(count, row_bytes).all(|slice| !slice.is_empty() && fits(&slice)));
            }
        }
    }
}
