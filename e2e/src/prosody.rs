//! A real Prosody, as Debian packages it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::HarnessError;
use crate::cli::{CliOutput, is_there};
use crate::ports::{free_port, wait_for_port};
use crate::process::Process;
use crate::prosody_config::Config;

/// How long a start may take on a busy machine.
const READY: Duration = Duration::from_secs(30);
/// Loaded in every test, beside the ones that it names.
const ALWAYS: [&str; 3] = ["roster", "saslauth", "disco"];

/// What to start. Made by [`Prosody::builder`].
#[derive(Debug, Default)]
pub struct ProsodyBuilder {
    host: Option<String>,
    modules: Vec<String>,
    plugin_paths: Vec<String>,
    extra: Vec<String>,
}

impl ProsodyBuilder {
    /// The XMPP domain; `localhost` where none is named.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// One more module to load.
    #[must_use]
    pub fn module(mut self, name: &str) -> Self {
        self.modules.push(name.to_owned());
        self
    }

    /// A folder of plugins that comes before Debian's own, which are found without being named.
    #[must_use]
    pub fn plugin_path(mut self, folder: &Path) -> Self {
        self.plugin_paths.push(folder.display().to_string());
        self
    }

    /// One more global line of the configuration, in Lua.
    #[must_use]
    pub fn config(mut self, line: &str) -> Self {
        self.extra.push(line.to_owned());
        self
    }

    /// Starts it in a temporary folder and returns once its HTTP port accepts connections.
    ///
    /// # Errors
    /// When Prosody is not installed, or does not open its port.
    pub fn start(self) -> Result<Prosody, HarnessError> {
        if !is_there("prosody") {
            return Err(HarnessError::NotReady {
                program: "prosody".to_owned(),
                why: "it is not installed: `apt-get install prosody prosody-modules`".to_owned(),
                output: String::new(),
            });
        }
        let folder = TempDir::new().map_err(HarnessError::io("making a temporary folder"))?;
        for sub in ["data", "certs"] {
            std::fs::create_dir(folder.path().join(sub))
                .map_err(HarnessError::io(format!("making {sub}")))?;
        }
        let host = self.host.unwrap_or_else(|| "localhost".to_owned());
        let (c2s_port, http_port) = (free_port()?, free_port()?);
        let modules: Vec<String> = ALWAYS.iter().map(|name| (*name).to_owned()).chain(self.modules).collect();
        let text = Config {
            folder: folder.path(),
            host: &host,
            modules: &modules,
            plugin_paths: &self.plugin_paths,
            extra: &self.extra,
            c2s_port,
            http_port,
        }
        .render();
        let config = folder.path().join("prosody.cfg.lua");
        std::fs::write(&config, text).map_err(HarnessError::io("writing the configuration"))?;
        let mut command = Command::new("prosody");
        command.arg("--config").arg(&config).arg("-F").current_dir(folder.path());
        let process = Process::spawn(command)?;
        let mut prosody = Prosody { process, config, host, c2s_port, http_port, folder };
        prosody.wait_until_ready()?;
        Ok(prosody)
    }
}

/// A running Prosody. Dropping it kills it and removes its folder.
#[derive(Debug)]
pub struct Prosody {
    process: Process,
    config: PathBuf,
    host: String,
    c2s_port: u16,
    http_port: u16,
    folder: TempDir,
}

impl Prosody {
    /// Begins a new one.
    pub fn builder() -> ProsodyBuilder {
        ProsodyBuilder::default()
    }

    /// The XMPP domain that it serves.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Where its HTTP server listens.
    pub fn http_addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.http_port).into()
    }

    /// `http://ADDR:PORT`, without a slash at its end.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.http_addr())
    }

    /// Where clients connect.
    pub fn c2s_addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.c2s_port).into()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// What it has logged so far, at level debug.
    pub fn log(&self) -> String {
        let path = self.folder.path().join("prosody.log");
        std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Runs `prosodyctl --config ... ARGS`.
    ///
    /// # Errors
    /// When it cannot be started or does not end. An exit code is no error.
    pub fn ctl(&self, args: &[&str]) -> Result<CliOutput, HarnessError> {
        let mut command = Command::new("prosodyctl");
        command.arg("--config").arg(&self.config).args(args).current_dir(self.folder.path());
        CliOutput::of(command)
    }

    fn wait_until_ready(&mut self) -> Result<(), HarnessError> {
        let process = &mut self.process;
        if wait_for_port((Ipv4Addr::LOCALHOST, self.http_port).into(), READY, || process.has_ended()) {
            return Ok(());
        }
        let output = format!("{}{}\n{}", self.process.rest_of_stdout(), self.process.stderr(), self.log());
        Err(HarnessError::NotReady {
            program: "prosody".to_owned(),
            why: format!("nothing listens on port {}", self.http_port),
            output,
        })
    }
}
