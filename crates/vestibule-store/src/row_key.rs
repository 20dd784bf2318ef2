//! Row keys of invites and events.
//!
//! A row key is the number of the host times 2^40, plus a counter within the host. Rows of one host are therefore
//! contiguous and in commit order. The columns that hold row keys are called `place`.

use std::ops::Range;

/// The row keys of a host.
pub(crate) const fn row_keys_of(host_number: i64) -> Range<i64> {
    host_number << 40..(host_number + 1) << 40
}

/// The number of the host that a row key belongs to.
pub(crate) const fn host_of(row_key: i64) -> i64 {
    row_key >> 40
}
