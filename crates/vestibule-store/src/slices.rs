//! How a batch is cut into slices.

use std::{ops::Range, time::Duration};

use vestibule_core::NewBatch;

/// Rows of one slice at the most, and bytes of them: some milliseconds of a transaction.
const ROWS: usize = 250;
const BYTES: usize = 512 << 10;

/// After so long without a slice, a batch was broken off. Much longer than anything that a slice may wait for.
pub(crate) const STALE: Duration = Duration::from_mins(5);

/// The slices of a batch but for its last invite, which is written first: so the places before it are taken.
pub(crate) fn slices(batch: &NewBatch) -> impl Iterator<Item = Range<usize>> + use<> {
    let size = (BYTES / NewBatch::row_bytes(&batch.draft)).clamp(1, ROWS);
    let end = batch.tokens.len().saturating_sub(1);
    (0..end).step_by(size).map(move |from| from..end.min(from + size))
}

#[cfg(test)]
mod tests {
    use vestibule_core::{Draft, InviteId, NewToken, TokenHash};

    use super::*;

    #[test]
    fn slices_hold_every_invite_but_the_last_once() {
        for count in [1, 2, 250, 251, 252, 10_000] {
            for note in [None, Some("x".repeat(2_000))] {
                let token = NewToken {
                    id: InviteId::from_bytes([0; 16]),
                    hash: TokenHash::from_bytes([0; 32]),
                    sealed_token: Vec::new(),
                };
                let draft = Draft { note, ..Draft::default() };
                let batch = NewBatch { draft, tokens: vec![token; count] };
                let all: Vec<_> = slices(&batch).flatten().collect();
                assert_eq!(all, (0..count - 1).collect::<Vec<_>>());
                assert!(slices(&batch).all(|slice| !slice.is_empty() && slice.len() <= ROWS));
            }
        }
    }
}
