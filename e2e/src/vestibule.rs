//! The Vestibule server under test.

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

/// The timeout of a shutdown after SIGTERM: ten seconds for requests in flight, and a margin.
const GOODBYE: Duration = Duration::from_secs(20);

/// The settings of a server, created by [`Vestibule::builder`].
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
    /// Sets the binary; that of [`vestibule_binary`] by default.
    #[must_use]
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// Sets a data directory that outlives the server; a temporary one by default.
    #[must_use]
    pub fn data_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(path.into());
        self
    }

    /// Adds a host; `localhost` by default.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// Adds an argument of `serve`.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds an environment variable of the server and its command line.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Sets a command that starts the binary, such as `setpriv --reuid=nobody`. It must replace itself by the binary,
    /// so that signals reach it.
    #[must_use]
    pub fn wrapper(mut self, command: &[&str]) -> Self {
        self.wrapper = command.iter().map(OsString::from).collect();
        self
    }

    /// Starts the server on a free loopback port and waits until it is ready.
    ///
    /// # Errors
    /// If the binary is missing, ends, or does not report its listening address.
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

/// A running `vestibule serve`. Dropping it kills it and removes a temporary data directory.
#[derive(Debug)]
pub struct Vestibule {
    launch: Launch,
    process: Process,
    addr: SocketAddr,
    _own_dir: Option<TempDir>,
}

impl Vestibule {
    /// Creates a builder.
    pub fn builder() -> VestibuleBuilder {
        VestibuleBuilder::default()
    }

    /// Returns the listening address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns `http://ADDR:PORT` without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Returns the process ID.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Returns the data directory.
    pub fn data_dir(&self) -> &Path {
        &self.launch.data_dir
    }

    /// Returns the path of the binary.
    pub fn binary(&self) -> &Path {
        &self.launch.binary
    }

    /// Returns the log so far.
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }

    /// Returns whether the process is running.
    pub fn is_running(&mut self) -> bool {
        !self.process.has_ended()
    }

    /// Runs a command with the same data directory: `--data-dir` is put before `args`.
    ///
    /// # Errors
    /// If the binary cannot be started or does not end. An exit code is no error.
    pub fn cli<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Result<CliOutput, HarnessError> {
        CliOutput::of(self.launch.cli(args))
    }

    /// Returns the command of [`Vestibule::cli`] without running it.
    pub fn cli_command<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Command {
        self.launch.cli(args)
    }

    /// Creates a key with the default scope and returns it: `ID/SECRET`.
    ///
    /// # Errors
    /// If `keys create` fails.
    pub fn create_key(&self, host: &str) -> Result<String, HarnessError> {
        self.create_key_with(host, &[])
    }

    /// Creates a key with more arguments, such as `&["Portal", "--rate", "2/min"]`.
    ///
    /// # Errors
    /// If `keys create` fails.
    pub fn create_key_with(&self, host: &str, more: &[&str]) -> Result<String, HarnessError> {
        let args = [&["keys", "create", host], more].concat();
        let output = self.cli(&args)?;
        if output.success() {
            return Ok(output.text().to_owned());
        }
        Err(HarnessError::Command { command: args.join(" "), output: output.to_string() })
    }

    /// Sends SIGTERM and waits for its end.
    ///
    /// # Errors
    /// If it has not ended after twenty seconds.
    pub fn terminate(&mut self) -> Result<ExitStatus, HarnessError> {
        self.begin_termination();
        self.process.wait(GOODBYE)
    }

    /// Sends SIGTERM without waiting; see [`Vestibule::terminate`].
    pub fn begin_termination(&mut self) {
        self.process.signal(Signal::TERM);
    }

    /// Sends SIGHUP, which makes it reload its configuration.
    pub fn reload(&mut self) {
        self.process.signal(Signal::HUP);
    }

    /// Kills it (SIGKILL), like a power cut.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Stops it (SIGSTOP): it does not answer until [`Vestibule::resume`].
    pub fn pause(&mut self) {
        self.process.signal(Signal::STOP);
    }

    /// Continues it (SIGCONT) after [`Vestibule::pause`].
    pub fn resume(&mut self) {
        self.process.signal(Signal::CONT);
    }

    /// Starts it again with the same data directory and arguments on a new port. A running one is killed first.
    ///
    /// # Errors
    /// See [`VestibuleBuilder::start`].
    pub fn restart(&mut self) -> Result<(), HarnessError> {
        self.kill();
        let (process, addr) = self.launch.start()?;
        self.process = process;
        self.addr = addr;
        Ok(())
    }
}
