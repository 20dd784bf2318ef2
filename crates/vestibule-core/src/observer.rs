//! Observation of a store's work, for metrics.

use std::time::Duration;

use crate::{Action, Host};

/// A committed transaction.
#[derive(Clone, Copy, Debug)]
pub struct Commit {
    /// Number of jobs in it.
    pub work: usize,
    /// Time that its first job waited in the queue.
    pub waited: Duration,
    /// Time from its start until it was on disk.
    pub took: Duration,
}

/// Receives notifications on the store's own threads, so implementations must be fast.
pub trait Observer: Send + Sync {
    /// A transaction was committed.
    fn committed(&self, commit: Commit);

    /// `count` changes of a host are on disk.
    fn happened(&self, host: &Host, action: Action, count: u64);

    /// A checkpoint of the write-ahead log succeeded or failed. `wal_bytes` is the current size of the log.
    fn checkpointed(&self, _wal_bytes: u64, _done: bool) {}

    /// A row was skipped because this version cannot read it.
    fn skipped(&self) {}
}

/// An observer that does nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoopObserver;

impl Observer for NoopObserver {
    fn committed(&self, _: Commit) {}

    fn happened(&self, _: &Host, _: Action, _: u64) {}
}
