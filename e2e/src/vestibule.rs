//! The server under test.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::HarnessError;
use crate::cli::CliOutput;
use crate::launch::{Launch, vestibule_binary};
use crate::process::Process;

/// How long a server may take to end after SIGTERM: ten seconds for what is in flight, and some to spare.
const GOODBYE: Duration = Duration::from_secs(20);

/// What to start, and how. Made by [`Vestibule::builder`].
#[derive(Debug, Default)]
pub struct VestibuleBuilder {
    binary: Option<PathBuf>,
    data_dir: Option<PathBuf>,
    hosts: Vec<String>,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    wrapper: Vec<OsString>,
}

impl VestibuleBuilder {
    /// Another binary than [`vestibule_binary`] finds.
    #[must_use]
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// A data directory that outlives the server; without it, an own temporary one.
    #[must_use]
    pub fn data_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(path.into());
        self
    }

    /// A host to serve, may be repeated. `localhost` where none is named.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// One more argument of `serve`.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// One more environment variable, for the server and for its command line.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// A command that starts the binary for us, such as `setpriv --reuid=nobody`. It must replace
    /// itself by the binary, so that signals reach it.
    #[must_use]
    pub fn wrapper(mut self, words: &[&str]) -> Self {
        self.wrapper = words.iter().map(OsString::from).collect();
        self
    }

    /// Starts the server on a free loopback port and returns once it answers.
    ///
    /// # Errors
    /// When the binary is missing, or ends, or stays silent instead of saying where it listens.
    pub fn start(self) -> Result<Vestibule, HarnessError> {
        let binary = match self.binary {
            Some(path) => path,
            None => vestibule_binary()?,
        };
        let (own_dir, data_dir) = if let Some(path) = self.data_dir {
            (None, path)
        } else {
            let dir = TempDir::new().map_err(HarnessError::io("making a temporary directory"))?;
            let path = dir.path().join("data");
            (Some(dir), path)
        };
        let mut hosts = self.hosts;
        if hosts.is_empty() {
            hosts.push("localhost".to_owned());
        }
        let launch =
            Launch { binary, data_dir, hosts, args: self.args, env: self.env, wrapper: self.wrapper };
        let (process, addr) = launch.start()?;
        Ok(Vestibule { launch, process, addr, _own_dir: own_dir })
    }
}

/// A running `vestibule serve`. Dropping it kills it and removes its data directory, unless that was given.
#[derive(Debug)]
pub struct Vestibule {
    launch: Launch,
    process: Process,
    addr: SocketAddr,
    _own_dir: Option<TempDir>,
}

impl Vestibule {
    /// Begins a new server.
    pub fn builder() -> VestibuleBuilder {
        VestibuleBuilder::default()
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://ADDR:PORT`, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Its data directory.
    pub fn data_dir(&self) -> &Path {
        &self.launch.data_dir
    }

    /// The binary that runs.
    pub fn binary(&self) -> &Path {
        &self.launch.binary
    }

    /// What it has logged so far.
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }

    /// Whether the process is still there.
    pub fn is_running(&mut self) -> bool {
        !self.process.has_ended()
    }

    /// Runs the command line on the same data directory: `--data-dir` stands before `args`.
    ///
    /// # Errors
    /// When the binary cannot be started or does not end. An exit code is no error.
    pub fn cli<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Result<CliOutput, HarnessError> {
        CliOutput::of(self.launch.cli(args))
    }

    /// The same as a command that is not started yet.
    pub fn cli_command<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Command {
        self.launch.cli(args)
    }

    /// Makes a key with the default scope and returns it: `ID/SECRET`.
    ///
    /// # Errors
    /// When `keys create` fails.
    pub fn create_key(&self, host: &str) -> Result<String, HarnessError> {
        self.create_key_with(host, &[])
    }

    /// Makes a key with more arguments, such as `&["Portal", "--rate", "2/min"]`.
    ///
    /// # Errors
    /// When `keys create` fails.
    pub fn create_key_with(&self, host: &str, more: &[&str]) -> Result<String, HarnessError> {
        let args = [&["keys", "create", host], more].concat();
        let output = self.cli(&args)?;
        if output.success() {
            return Ok(output.text().to_owned());
        }
        Err(HarnessError::Command { command: args.join(" "), output: output.to_string() })
    }

    /// Asks it to end (SIGTERM) and waits for that.
    ///
    /// # Errors
    /// When it has not ended after twenty seconds.
    pub fn terminate(&mut self) -> Result<ExitStatus, HarnessError> {
        self.begin_termination();
        self.process.wait(GOODBYE)
    }

    /// Sends SIGTERM and does not wait; [`Vestibule::terminate`] does.
    pub fn begin_termination(&mut self) {
        self.process.signal(Signal::TERM);
    }

    /// SIGKILL: what a power cut looks like to the program.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// SIGSTOP: it is there, and answers nobody.
    pub fn pause(&mut self) {
        self.process.signal(Signal::STOP);
    }

    /// SIGCONT, after [`Vestibule::pause`].
    pub fn resume(&mut self) {
        self.process.signal(Signal::CONT);
    }

    /// Starts it again on the same data directory with the same arguments, on a new port. One that still
    /// runs is killed first.
    ///
    /// # Errors
    /// As [`VestibuleBuilder::start`].
    pub fn restart(&mut self) -> Result<(), HarnessError> {
        self.kill();
        let (process, addr) = self.launch.start()?;
        self.process = process;
        self.addr = addr;
        Ok(())
    }
}
