//! Running a command until it ends.

use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::HarnessError;
use crate::process::Process;

/// The timeout of a command.
const LIMIT: Duration = Duration::from_mins(1);

/// The output of a finished command.
#[derive(Debug, Clone)]
pub struct CliOutput {
    /// The exit status.
    pub status: ExitStatus,
    /// The text of its stdout.
    pub stdout: String,
    /// The text of its stderr.
    pub stderr: String,
}

impl CliOutput {
    /// Runs `command` until it ends.
    ///
    /// # Errors
    /// If it cannot be started, or does not end within a minute.
    pub fn of(command: Command) -> Result<Self, HarnessError> {
        Self::within(LIMIT, command)
    }

    /// Runs `command` until it ends, and kills it after `limit`.
    ///
    /// # Errors
    /// If it cannot be started, or does not end in time.
    pub fn within(limit: Duration, command: Command) -> Result<Self, HarnessError> {
        let mut process = Process::spawn(command)?;
        let status = process.wait(limit)?;
        Ok(Self { status, stdout: process.rest_of_stdout(), stderr: process.stderr() })
    }

    /// Returns the exit code; `None` if a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Returns whether it ended with 0.
    pub fn success(&self) -> bool {
        self.status.success()
    }

    /// Returns the trimmed stdout.
    pub fn text(&self) -> &str {
        self.stdout.trim()
    }

    /// Returns stdout as JSON, or `None` if it is not JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(&self.stdout).ok()
    }
}

impl std::fmt::Display for CliOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n--- stdout ---\n{}\n--- stderr ---\n{}", self.status, self.stdout, self.stderr)
    }
}

/// Returns whether a program of this name is on the search path.
pub(crate) fn is_there(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", "command -v \"$0\" >/dev/null 2>&1", program])
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
