//! The SQL of the embedded engine: [row primitives](crate::verbs::rows) and the statements that create invites and
//! change claims.

pub(super) mod accounts;
pub(super) mod batches;
pub(super) mod claims;
pub(super) mod complete;
pub(super) mod create;
pub(super) mod events;
mod fragments;
pub(super) mod hosts;
pub(super) mod import;
pub(super) mod inviters;
pub(super) mod invites;
pub(super) mod keys;
pub(super) mod members;
pub(super) mod purge;
pub(super) mod requests;
pub(super) mod sessions;
pub(super) mod shared_fields;
pub(super) mod tombstones;
