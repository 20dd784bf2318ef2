//! The one error of the harness.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why the harness could not do what a test asked of it.
///
/// An answer of the server that a test did not expect is never one of these: statuses and exit codes
/// are values.
#[derive(thiserror::Error)]
pub enum HarnessError {
    /// The binary is not where it was looked for.
    #[error("no binary at {path}: run `cargo build -p vestibule`, or name one in VESTIBULE_BIN")]
    NoBinary {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The operating system refused something.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// A program ended, or fell silent, before it was ready.
    #[error("{program} did not get ready: {why}\n--- its output ---\n{output}")]
    NotReady {
        /// The program.
        program: String,
        /// What happened instead.
        why: String,
        /// What it wrote so far.
        output: String,
    },
    /// A program outlived the time it was given to end.
    #[error("{program} (pid {pid}) was still running after {waited:?}\n--- its output ---\n{output}")]
    StillRunning {
        /// The program.
        program: String,
        /// Its process id.
        pid: u32,
        /// How long it was waited for.
        waited: Duration,
        /// What it wrote so far.
        output: String,
    },
    /// A command of the command line failed where the harness needed it to succeed.
    #[error("`{command}` failed: {output}")]
    Command {
        /// The command as typed.
        command: String,
        /// Its exit code and what it wrote.
        output: String,
    },
    /// An XMPP stream broke, or what was waited for did not come.
    #[error("{what}: {why}")]
    Xmpp {
        /// What was being done.
        what: String,
        /// What went wrong.
        why: String,
    },
    /// An HTTP exchange broke before there was a whole answer.
    #[error("{what}: {why}")]
    Http {
        /// The request.
        what: String,
        /// What went wrong.
        why: String,
    },
}

impl HarnessError {
    /// For `map_err` on an I/O result: says `what` was being done.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// As [`Display`](fmt::Display): `unwrap` in a test then shows the output of a server with its line ends.
impl fmt::Debug for HarnessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
