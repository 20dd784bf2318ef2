//! The one error of the measurement.

use std::io;
use std::path::PathBuf;

use vestibule_e2e::HarnessError;

use crate::wrk::WrkError;

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// A server or a command could not be run.
    #[error(transparent)]
    Harness(#[from] HarnessError),
    /// The load generator could not be run, or its run is invalid.
    #[error("{run}: {source}")]
    Load {
        /// Which run.
        run: String,
        /// What happened.
        source: WrkError,
    },
    /// The operating system refused something.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// Somebody who should get in did not.
    #[error("a registration failed: {what}")]
    Registration {
        /// What was answered.
        what: String,
    },
    /// The stores would lie in memory.
    #[error(
        "the stores would lie in {folder}, which is {kind}, so nothing would be durable: \
         name a folder on a disk with --scratch"
    )]
    NotDurable {
        /// Where they would lie.
        folder: PathBuf,
        /// The kind of file system.
        kind: String,
    },
    /// There is no place for the results.
    #[error("no folder for {path}: run this where bench/ lies, or name a file with --results")]
    NoFolder {
        /// Where the results would go.
        path: PathBuf,
    },
    /// The store holds less than was acknowledged: worse than any slowness.
    #[error(
        "{run}: {acknowledged} calls were acknowledged, \
         but after SIGKILL the store knew of only {found}"
    )]
    Lost {
        /// Which run.
        run: String,
        /// Answers of 2xx.
        acknowledged: u64,
        /// What is in the store.
        found: u64,
    },
    /// A call that this program made itself came to nothing.
    #[error("{what}: {why}")]
    Call {
        /// The call.
        what: String,
        /// What came instead of the answer.
        why: String,
    },
    /// A use was given away twice, or one was kept from everybody.
    #[error("the races broke the rules of redemption: {0}")]
    Races(String),
    /// The prepared store does not hold what it should.
    #[error("a store was to be prepared with {wanted} invites and holds {found}")]
    Prepared {
        /// How many were asked for.
        wanted: u64,
        /// How many there are.
        found: u64,
    },
}

impl BenchError {
    /// For `map_err` on an I/O result: says `what` was being done.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
