//! Debian's Prosody.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::HarnessError;
use crate::cli::CliOutput;
use crate::ports::{wait_for_port, wait_for_socket};
use crate::process::Process;
use crate::prosody_builder::ProsodyBuilder;
use crate::prosody_config::{ADMIN_SOCKET, CERTIFICATE_FILE, Ports};
use crate::prosody_version::Version;

/// The timeout of a start.
const READY: Duration = Duration::from_secs(30);
/// The timeout of a shutdown.
const GOODBYE: Duration = Duration::from_secs(20);

/// The settings of a server, for restarts.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) version: Version,
    pub(crate) config: PathBuf,
    pub(crate) host: String,
    pub(crate) ports: Ports,
    pub(crate) directory: TempDir,
    /// Whether it runs as `nobody`.
    pub(crate) as_nobody: bool,
}

/// A running Prosody. Dropping it kills it and removes its directory.
#[derive(Debug)]
pub struct Prosody {
    process: Process,
    launch: Launch,
}

impl Prosody {
    /// Creates a builder.
    pub fn builder() -> ProsodyBuilder {
        ProsodyBuilder::default()
    }

    pub(crate) fn launch(launch: Launch) -> Result<Self, HarnessError> {
        let process = spawn(&launch)?;
        let mut prosody = Self { process, launch };
        prosody.wait_until_ready()?;
        Ok(prosody)
    }

    /// Returns the version.
    pub fn version(&self) -> Version {
        self.launch.version
    }

    /// Returns the first XMPP domain.
    pub fn host(&self) -> &str {
        &self.launch.host
    }

    /// Returns the address of its HTTP server.
    pub fn http_addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.launch.ports.http).into()
    }

    /// Returns `http://ADDR:PORT` without a trailing slash.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.http_addr())
    }

    /// Returns the address for clients.
    pub fn c2s_addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.launch.ports.c2s).into()
    }

    /// Returns the address for clients with direct TLS, if encryption is enabled.
    pub fn direct_addr(&self) -> Option<SocketAddr> {
        self.launch.ports.direct.map(|port| (Ipv4Addr::LOCALHOST, port).into())
    }

    /// Returns the certificate, if encryption is enabled.
    pub fn certificate_file(&self) -> Option<PathBuf> {
        self.launch.ports.direct.map(|_| self.launch.directory.path().join(CERTIFICATE_FILE))
    }

    /// Returns the data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.launch.directory.path().join("data")
    }

    /// Writes a file beside the configuration, which may include it, and restarts.
    ///
    /// # Errors
    /// When the file cannot be written, or Prosody does not restart.
    pub fn restart_with(&mut self, file: &str, text: &str) -> Result<(), HarnessError> {
        let path = self.launch.directory.path().join(file);
        std::fs::write(path, text).map_err(HarnessError::io("writing a part of the configuration"))?;
        self.restart()
    }

    /// Returns the process ID.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Returns the log so far, including that before a restart.
    pub fn log(&self) -> String {
        let path = self.launch.directory.path().join("prosody.log");
        std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Runs `prosodyctl --config ... ARGS`.
    ///
    /// # Errors
    /// If it cannot be started or does not end. An exit code is no error.
    pub fn ctl(&self, args: &[&str]) -> Result<CliOutput, HarnessError> {
        let mut command = self.launch.version.program("prosodyctl");
        command.arg("--config").arg(&self.launch.config).args(args).current_dir(self.launch.directory.path());
        CliOutput::of(command)
    }

    /// Creates an account on its first host.
    ///
    /// # Errors
    /// If `prosodyctl register` fails.
    pub fn add_account(&self, username: &str, password: &str) -> Result<(), HarnessError> {
        self.add_account_on(self.host(), username, password)
    }

    /// Creates an account.
    ///
    /// # Errors
    /// If `prosodyctl register` fails.
    pub fn add_account_on(&self, host: &str, username: &str, password: &str) -> Result<(), HarnessError> {
        let output = self.ctl(&["register", username, host, password])?;
        if output.success() {
            return Ok(());
        }
        let command = format!("prosodyctl register {username} {host}");
        Err(HarnessError::Command { command, output: output.to_string() })
    }

    /// Returns the usernames on its first host, from its storage.
    pub fn accounts(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.store_dir("accounts")) else { return Vec::new() };
        let names =
            files.filter_map(|file| file.ok()?.file_name().to_str()?.strip_suffix(".dat").map(str::to_owned));
        names.collect()
    }

    /// Returns the data of a user in one of its stores as text; empty if there is none. The username must consist of
    /// letters and digits.
    pub fn stored(&self, store: &str, username: &str) -> Option<String> {
        std::fs::read_to_string(self.store_dir(store).join(format!("{username}.dat"))).ok()
    }

    /// Returns the data of its first host in one of its stores as text; empty if there is none.
    pub fn stored_for_host(&self, store: &str) -> Option<String> {
        std::fs::read_to_string(self.store_dir("").join(format!("{store}.dat"))).ok()
    }

    fn store_dir(&self, store: &str) -> PathBuf {
        self.launch.directory.path().join("data").join(self.host().replace('.', "%2e")).join(store)
    }

    /// Returns the number of its open file descriptors.
    ///
    /// # Errors
    /// If it does not run.
    pub fn open_files(&self) -> Result<usize, HarnessError> {
        let directory = format!("/proc/{}/fd", self.pid());
        Ok(std::fs::read_dir(directory).map_err(HarnessError::io("reading its open files"))?.count())
    }

    /// Sends SIGTERM and waits for its end.
    ///
    /// # Errors
    /// If it has not ended after twenty seconds.
    pub fn stop(&mut self) -> Result<ExitStatus, HarnessError> {
        self.process.signal(Signal::TERM);
        self.process.wait(GOODBYE)
    }

    /// Stops it and starts it again, with the same settings, accounts and ports.
    ///
    /// # Errors
    /// If it does not end, or does not open its ports again.
    pub fn restart(&mut self) -> Result<(), HarnessError> {
        self.stop()?;
        self.process = spawn(&self.launch)?;
        self.wait_until_ready()
    }

    /// Kills it (SIGKILL) and starts it again, with the same settings, accounts and ports.
    ///
    /// # Errors
    /// If it does not open its ports again.
    pub fn kill_and_restart(&mut self) -> Result<(), HarnessError> {
        self.process.kill();
        self.process = spawn(&self.launch)?;
        self.wait_until_ready()
    }

    fn wait_until_ready(&mut self) -> Result<(), HarnessError> {
        let ports = [self.c2s_addr(), self.http_addr()].into_iter().chain(self.direct_addr());
        let shell = self.launch.directory.path().join(ADMIN_SOCKET);
        let process = &mut self.process;
        for port in ports {
            if !wait_for_port(port, READY, || process.has_ended()) {
                return Err(self.not_ready(&format!("nothing listens on {port}")));
            }
        }
        if !wait_for_socket(&shell, READY, || process.has_ended()) {
            return Err(self.not_ready("its shell does not listen"));
        }
        Ok(())
    }

    fn not_ready(&self, why: &str) -> HarnessError {
        let output = format!("{}{}", self.process.rest_of_stdout(), self.process.stderr());
        HarnessError::NotReady {
            program: "prosody".to_owned(),
            why: why.to_owned(),
            output: format!("{output}\n{}", self.log()),
        }
    }
}

fn spawn(launch: &Launch) -> Result<Process, HarnessError> {
    let mut command = launch.version.program("prosody");
    if launch.as_nobody {
        let mut wrapped = Command::new("setpriv");
        wrapped.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(command.get_program());
        command = wrapped;
    }
    command.arg("--config").arg(&launch.config).arg("-F").current_dir(launch.directory.path());
    Process::spawn(command)
}
