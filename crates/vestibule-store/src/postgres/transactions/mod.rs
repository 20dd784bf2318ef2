//! Transactions, the locks of hosts, and authorized callers.

pub(super) mod authorization;
pub(super) mod begin;
pub(super) mod engine;
pub(super) mod host_lookup;
pub(super) mod key_cache;
pub(super) mod key_rows;
pub(super) mod lock_queue;
pub(super) mod rate;
pub(super) mod transaction;
