//! The error type of the harness.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// An error of the harness.
///
/// Unexpected responses of the server are not errors: statuses and exit codes are values.
#[derive(thiserror::Error)]
pub enum HarnessError {
    /// The binary is missing.
    #[error("no binary at {path}: run `cargo build -p vestibule`, or set VESTIBULE_BIN")]
    NoBinary {
        /// The expected path.
        path: PathBuf,
    },
    /// An operation of the operating system failed.
    #[error("{what}: {source}")]
    Io {
        /// The failed operation.
        what: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A program ended, or stopped printing, before it was ready.
    #[error("{program} did not become ready: {why}\n--- its output ---\n{output}")]
    NotReady {
        /// The program.
        program: String,
        /// The reason.
        why: String,
        /// Its output so far.
        output: String,
    },
    /// A program did not end in time.
    #[error("{program} (pid {pid}) was still running after {waited:?}\n--- its output ---\n{output}")]
    StillRunning {
        /// The program.
        program: String,
        /// The process ID.
        pid: u32,
        /// The time that was waited.
        waited: Duration,
        /// Its output so far.
        output: String,
    },
    /// A command that must succeed failed.
    #[error("`{command}` failed: {output}")]
    Command {
        /// The command.
        command: String,
        /// Its exit code and output.
        output: String,
    },
    /// An XMPP stream broke, or an expected stanza did not arrive.
    #[error("{what}: {why}")]
    Xmpp {
        /// The failed operation.
        what: String,
        /// The reason.
        why: String,
    },
    /// An HTTP connection broke before the response was complete.
    #[error("{what}: {why}")]
    Http {
        /// The request.
        what: String,
        /// The reason.
        why: String,
    },
}

impl HarnessError {
    /// For `map_err` on an I/O result; `what` is the failed operation.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// Like [`Display`](fmt::Display), so that `unwrap` in a test prints the output of a server with line breaks.
impl fmt::Debug for HarnessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
