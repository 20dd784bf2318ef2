//! One run of a command to its end.

use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::HarnessError;
use crate::process::Process;

/// A command that hangs fails its test instead of the whole run.
const LIMIT: Duration = Duration::from_mins(1);

/// What a finished command left behind.
#[derive(Debug, Clone)]
pub struct CliOutput {
    /// How it ended.
    pub status: ExitStatus,
    /// Its stdout, as text.
    pub stdout: String,
    /// Its stderr, as text.
    pub stderr: String,
}

impl CliOutput {
    /// Runs `command` to its end.
    ///
    /// # Errors
    /// When it cannot be started, or does not end within a minute.
    pub fn of(command: Command) -> Result<Self, HarnessError> {
        Self::within(LIMIT, command)
    }

    /// Runs `command` to its end, for which it has `limit`. It is killed after that.
    ///
    /// # Errors
    /// When it cannot be started, or does not end in time.
    pub fn within(limit: Duration, command: Command) -> Result<Self, HarnessError> {
        let mut process = Process::spawn(command)?;
        let status = process.wait(limit)?;
        Ok(Self { status, stdout: process.rest_of_stdout(), stderr: process.stderr() })
    }

    /// The exit code; `None` where a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Whether it ended with 0.
    pub fn success(&self) -> bool {
        self.status.success()
    }

    /// Stdout without the white space around it.
    pub fn text(&self) -> &str {
        self.stdout.trim()
    }

    /// Stdout as JSON; `None` where it is not.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(&self.stdout).ok()
    }
}

impl std::fmt::Display for CliOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n--- stdout ---\n{}\n--- stderr ---\n{}", self.status, self.stdout, self.stderr)
    }
}

/// Whether a program of that name is on the search path.
pub(crate) fn is_there(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", "command -v \"$0\" >/dev/null 2>&1", program])
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
