//! How long a start takes, from the birth of the process to its line `listening on ...`, and what the server
//! then holds in memory.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::BenchError;
use crate::procfs::{self, Memory};
use crate::store::Store;

/// The starts of one server on one store.
#[derive(Clone, Debug)]
pub(crate) struct Startup {
    /// The invites in the store.
    pub invites: u64,
    /// Every start.
    pub times: Vec<Duration>,
    /// The memory of the last one, before any request.
    pub memory: Memory,
}

/// Starts the server `count` times on a copy of `store`.
pub(crate) fn measure(store: &Store, scratch: &Path, count: u32) -> Result<Startup, BenchError> {
    let mut running = store.run(scratch)?;
    let mut times = Vec::new();
    for _ in 0..count {
        running.server.terminate()?;
        let start = Instant::now();
        running.server.restart()?;
        times.push(start.elapsed());
    }
    let memory = procfs::memory(running.server.pid()).map_err(BenchError::io("watching vestibule"))?;
    Ok(Startup { invites: store.invites, times, memory })
}
