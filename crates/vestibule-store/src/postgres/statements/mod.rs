//! The SQL of the server engine: [row primitives](crate::verbs::rows) and the bulk statements of batches.

pub(super) mod accounts;
pub(super) mod batch_statement;
pub(super) mod batches;
pub(super) mod claims;
pub(super) mod complete;
pub(super) mod create;
pub(super) mod events;
pub(super) mod fragments;
pub(super) mod hosts;
pub(super) mod import;
pub(super) mod inviters;
pub(super) mod invites;
pub(super) mod keys;
pub(super) mod members;
pub(super) mod purge;
pub(super) mod release;
pub(super) mod requests;
pub(super) mod sessions;
pub(super) mod tombstones;
