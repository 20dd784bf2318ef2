//! A client that others wrote: slixmpp, driven by the scripts in `e2e/xmpp`.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::HarnessError;
use crate::process::Process;

/// One script, one job.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/xmpp");
/// Where `scripts/needs.sh` puts what they run on.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/xmpp-client/bin/python3");
/// A script gives up earlier by itself.
const LIMIT: Duration = Duration::from_mins(1);

/// Who logs in, and where.
#[derive(Debug, Clone, Copy)]
pub struct Login<'a> {
    /// Of the server.
    pub addr: SocketAddr,
    /// The bare address.
    pub jid: &'a str,
    /// Its password.
    pub password: &'a str,
    /// The certificate that the server must show; without it nothing is encrypted.
    pub ca_file: Option<&'a Path>,
}

impl Login<'_> {
    /// Logs in and does one job. `wishes` is an object of what the script takes; the answer is what it found.
    ///
    /// # Errors
    /// If the client is not installed, or did not get to its end.
    pub fn run(self, script: &str, wishes: &Value) -> Result<Value, HarnessError> {
        self.start(script, wishes)?.finish()
    }

    /// Logs in and begins a job that says `ready`; returns when it has.
    ///
    /// # Errors
    /// If the client is not installed, or does not get ready.
    pub fn start_and_wait(self, script: &str, wishes: &Value) -> Result<Running, HarnessError> {
        let running = self.start(script, wishes)?;
        let line = running.process.next_line(LIMIT)?;
        if line == "ready" { Ok(running) } else { Err(running.failed(&line)) }
    }

    fn start(self, script: &str, wishes: &Value) -> Result<Running, HarnessError> {
        let what = format!("{script} as {}", self.jid);
        if !Path::new(PYTHON).exists() {
            let output = "slixmpp is missing: run scripts/needs.sh".to_owned();
            return Err(HarnessError::Command { command: what, output });
        }
        let job = json!({
            "address": self.addr.ip().to_string(), "port": self.addr.port(),
            "jid": self.jid, "password": self.password, "ca_file": self.ca_file, "wishes": wishes,
        });
        let mut command = Command::new(PYTHON);
        command.arg(format!("{SCRIPTS}/{script}.py")).arg(job.to_string());
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(Running { what, process: Process::spawn(command)? })
    }
}

/// A job that has begun. Dropping it ends it.
#[derive(Debug)]
pub struct Running {
    what: String,
    process: Process,
}

impl Running {
    /// Waits for its end and returns what it found.
    ///
    /// # Errors
    /// If it did not get there.
    pub fn finish(mut self) -> Result<Value, HarnessError> {
        let status = self.process.wait(LIMIT)?;
        let said = self.process.rest_of_stdout();
        match serde_json::from_str(&said) {
            Ok(value) if status.success() => Ok(value),
            _ => Err(self.failed(&said)),
        }
    }

    fn failed(&self, said: &str) -> HarnessError {
        let output = format!("{said}\n{}", self.process.stderr());
        HarnessError::Command { command: self.what.clone(), output }
    }
}
