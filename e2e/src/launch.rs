//! Starting the binary under test.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::HarnessError;
use crate::process::Process;

/// The timeout of a start.
const READY: Duration = Duration::from_secs(30);
/// The beginning of the line that reports the listening address.
const READY_LINE: &str = "listening on http://";

/// Many tests send hundreds of wrong keys from one address; tests of the limiter set their own limit.
const GUESS_RATE: (&str, &str) = ("VESTIBULE_GUESS_RATE", "off");

/// An empty configuration file, in place of that of an installed package.
const NO_CONFIG: (&str, &str) = ("VESTIBULE_CONFIG", "/dev/null");

/// Returns the path of the binary under test: `VESTIBULE_BIN`, or the one in the `target/PROFILE` directory of the
/// running test or benchmark.
///
/// # Errors
/// If the file does not exist.
pub fn vestibule_binary() -> Result<PathBuf, HarnessError> {
    let path = match std::env::var_os("VESTIBULE_BIN") {
        Some(named) => PathBuf::from(named),
        None => beside_this_program()?,
    };
    if path.is_file() { Ok(path) } else { Err(HarnessError::NoBinary { path }) }
}

/// Returns the directory of the binaries, `target/PROFILE`. Tests are in `target/PROFILE/deps`.
fn beside_this_program() -> Result<PathBuf, HarnessError> {
    let this = std::env::current_exe().map_err(HarnessError::io("finding this program"))?;
    let directory = this.parent().unwrap_or(Path::new("."));
    let profile =
        if directory.ends_with("deps") { directory.parent().unwrap_or(directory) } else { directory };
    Ok(profile.join("vestibule"))
}

/// The settings of a server, for restarts.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) binary: PathBuf,
    pub(crate) data_dir: PathBuf,
    pub(crate) hosts: Vec<String>,
    pub(crate) args: Vec<OsString>,
    pub(crate) env: Vec<(OsString, OsString)>,
    pub(crate) wrapper: Vec<OsString>,
}

impl Launch {
    /// Starts the server and waits for the line that reports the listening address.
    pub(crate) fn start(&self) -> Result<(Process, SocketAddr), HarnessError> {
        let mut parts = self.wrapper.iter();
        let mut command = match parts.next() {
            Some(first) => {
                let mut command = Command::new(first);
                command.args(parts).arg(&self.binary);
                command
            }
            None => Command::new(&self.binary),
        };
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&self.data_dir);
        for host in &self.hosts {
            command.args(["--host", host]);
        }
        command.env(GUESS_RATE.0, GUESS_RATE.1).env(NO_CONFIG.0, NO_CONFIG.1);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        let process = Process::spawn(command)?;
        let line = process.next_line(READY)?;
        let addr = line.strip_prefix(READY_LINE).and_then(|addr| addr.parse().ok());
        let addr = addr.ok_or_else(|| HarnessError::NotReady {
            program: self.binary.display().to_string(),
            why: format!("the first line is {line:?}, not `{READY_LINE}ADDR:PORT`"),
            output: process.stderr(),
        })?;
        Ok((process, addr))
    }

    /// Returns a command with the same data directory.
    pub(crate) fn cli<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--data-dir").arg(&self.data_dir).args(args);
        self.set_env(&mut command);
        command
    }

    fn set_env(&self, command: &mut Command) {
        forget_settings(command);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
    }
}

/// Returns a command of the binary under test with `args`, without our variables in the environment.
///
/// # Errors
/// If there is no binary, see [`vestibule_binary`].
pub fn vestibule_command<S: AsRef<OsStr>>(args: &[S]) -> Result<Command, HarnessError> {
    let mut command = Command::new(vestibule_binary()?);
    forget_settings(&mut command);
    command.args(args);
    Ok(command)
}

/// Removes our variables, so that the environment of the tests does not affect them.
fn forget_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name == "RUST_LOG" || name.as_encoded_bytes().starts_with(b"VESTIBULE_") {
            command.env_remove(name);
        }
    }
    command.env(NO_CONFIG.0, NO_CONFIG.1);
}
