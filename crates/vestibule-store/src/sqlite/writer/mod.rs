//! Database threads: one writes, two read. Each has a connection and a queue, and runs queued jobs in batches.

pub(super) mod database_thread;
mod job;
pub(super) mod job_runner;
