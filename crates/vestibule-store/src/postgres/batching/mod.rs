//! Batching of creates, claims, completions and releases.

pub(super) mod batcher;
mod item;
mod queue;
mod rounds;
mod send;
