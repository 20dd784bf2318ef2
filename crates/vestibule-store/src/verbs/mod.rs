//! The logic of the store's operations, written once over the [row primitives](rows) of an engine.
//!
//! An engine authorizes the caller for the `SCOPE` of a verb, opens a transaction, runs the verb in it and commits.
//! PostgreSQL creates invites and changes claims with its own bulk statements; the verbs here find the reasons of
//! their refusals.

pub(crate) mod accounts;
pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod claim;
pub(crate) mod create;
pub(crate) mod edit;
pub(crate) mod events;
pub(crate) mod hosts;
pub(crate) mod idempotency;
pub(crate) mod import;
pub(crate) mod inviters;
pub(crate) mod keys;
pub(crate) mod list;
pub(crate) mod maintenance;
pub(crate) mod members;
pub(crate) mod outcome;
pub(crate) mod renewal;
pub(crate) mod rows;
pub(crate) mod sessions;
pub(crate) mod show;
pub(crate) mod tombstones;

use std::future::Future;

use futures_util::FutureExt;

/// The outcome of a verb over an engine whose primitives never wait. The future stays on the stack.
pub(crate) fn run_ready<R, E: rows::VerbError>(verb: impl Future<Output = Result<R, E>>) -> Result<R, E> {
    verb.now_or_never().unwrap_or_else(|| Err(E::unavailable("a row primitive was not ready")))
}

/// The key of the last row of a page, if `rows`, which were read with a limit of one more, has another row.
fn last_if_more<K: Copy, R>(rows: &[rows::PageRow<K, R>], limit: usize) -> Option<K> {
    if rows.len() > limit { rows.get(limit - 1).map(|(key, _)| *key) } else { None }
}
