//! A client that others wrote: slixmpp, driven by the scripts in `e2e/xmpp`.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::HarnessError;
use crate::cli::CliOutput;

/// One script, one job.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/xmpp");
/// Where `scripts/needs.sh` puts what they run on.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/xmpp-client/bin/python3");

/// Logs in at `addr` as `jid` and does one job. `wishes` is an object of what the script takes; the answer is
/// what it found.
///
/// # Errors
/// When the client is not installed, or did not get to its end.
pub fn run(
    script: &str,
    addr: SocketAddr,
    jid: &str,
    password: &str,
    wishes: Value,
) -> Result<Value, HarnessError> {
    let failed = |output: String| HarnessError::Command { command: format!("{script} as {jid}"), output };
    if !Path::new(PYTHON).exists() {
        return Err(failed("slixmpp is missing: run scripts/needs.sh".to_owned()));
    }
    let job = json!({
        "address": addr.ip().to_string(), "port": addr.port(), "jid": jid, "password": password,
        "wishes": wishes,
    });
    let mut command = Command::new(PYTHON);
    command.arg(format!("{SCRIPTS}/{script}.py")).arg(job.to_string());
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    let output = CliOutput::of(command)?;
    match output.json() {
        Some(value) if output.success() => Ok(value),
        _ => Err(failed(output.to_string())),
    }
}
