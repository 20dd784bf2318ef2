//! What a store tells about its own work, for those who watch it.

use std::time::Duration;

use crate::{Action, Host};

/// One transaction that is on disk.
#[derive(Clone, Copy, Debug)]
pub struct Commit {
    /// How many pieces of work it held.
    pub work: usize,
    /// How long the one that came first had waited for its turn.
    pub waited: Duration,
    /// How long it took, from its begin until it was on disk.
    pub took: Duration,
}

/// Somebody who watches. Called from the store's own threads, so it must be quick.
pub trait Observer: Send + Sync {
    /// Work was committed.
    fn committed(&self, commit: Commit);

    /// On `host`, `action` happened `count` times, and is on disk.
    fn happened(&self, host: &Host, action: Action, count: u64);

    /// A checkpoint of the write-ahead log was done, or failed; the log takes so many bytes now.
    fn checkpointed(&self, _wal_bytes: u64, _done: bool) {}

    /// A row was skipped because this version cannot read it.
    fn skipped(&self) {}
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoopObserver;

impl Observer for NoopObserver {
    fn committed(&self, _: Commit) {}

    fn happened(&self, _: &Host, _: Action, _: u64) {}
}
