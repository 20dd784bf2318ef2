//! Reverse proxies in front of a Vestibule, with the handbook's configuration.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::HarnessError;
use crate::ports::{free_port, wait_for_port};
use crate::process::Process;

/// The handbook, whose configuration blocks are tested.
const HANDBOOK: &str = include_str!("../../docs/operations.md");
/// The address of Vestibule in the handbook.
const UPSTREAM: &str = "127.0.0.1:8280";
/// The access log in its directory, unless the handbook's block disables it.
const ACCESS_LOG: &str = "access.log";
/// The timeout of a start.
const READY: Duration = Duration::from_secs(30);

/// A reverse proxy program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyKind {
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
    /// HAProxy.
    Haproxy,
    /// The Apache HTTP server.
    Apache,
}

/// A reverse proxy on a free loopback port. Dropping it ends it.
#[derive(Debug)]
pub struct ReverseProxy {
    process: Process,
    addr: SocketAddr,
    directory: TempDir,
}

impl ReverseProxy {
    /// Starts a proxy for the server at `upstream`, with the handbook's configuration.
    ///
    /// # Errors
    /// If the program is missing, or does not listen.
    pub fn start(kind: ProxyKind, upstream: SocketAddr) -> Result<Self, HarnessError> {
        Self::start_with(kind, &kind.block()?.replace(UPSTREAM, &upstream.to_string()))
    }

    /// Starts a proxy with this configuration of its server instead of the handbook's.
    ///
    /// # Errors
    /// If the program is missing, or does not listen.
    pub fn start_with(kind: ProxyKind, block: &str) -> Result<Self, HarnessError> {
        let directory = TempDir::new().map_err(HarnessError::io("making a temporary directory"))?;
        let addr = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let file = directory.path().join("configuration");
        fs::write(&file, kind.configuration(block, addr, directory.path()))
            .map_err(HarnessError::io("writing a proxy's configuration"))?;
        let mut process = Process::spawn(kind.command(&file, directory.path()))?;
        if !wait_for_port(addr, READY, || process.has_ended()) {
            return Err(HarnessError::NotReady {
                program: format!("{kind:?}"),
                why: format!("nothing listens at {addr}"),
                output: process.stderr(),
            });
        }
        Ok(Self { process, addr, directory })
    }

    /// Returns the listening address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns `http://ADDR:PORT` without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Returns its stderr so far.
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }

    /// Returns the access log so far; empty for a proxy that logs no requests.
    pub fn access_log(&self) -> String {
        fs::read_to_string(self.directory.path().join(ACCESS_LOG)).unwrap_or_default()
    }
}

impl ProxyKind {
    /// Returns the handbook's configuration block.
    fn block(self) -> Result<String, HarnessError> {
        let fence = match self {
            Self::Nginx => "```nginx\n",
            Self::Caddy => "```caddyfile\n",
            Self::Haproxy => "```haproxy\n",
            Self::Apache => "```apache\n",
        };
        let block = HANDBOOK.split_once(fence).and_then(|(_, rest)| rest.split_once("```"));
        block.map(|(block, _)| block.to_owned()).filter(|block| block.contains(UPSTREAM)).ok_or_else(|| {
            HarnessError::NotReady {
                program: format!("{self:?}"),
                why: format!("the handbook has no block {} for {UPSTREAM}", fence.trim()),
                output: String::new(),
            }
        })
    }

    /// Returns a complete configuration with the handbook's block. Only the lines of TLS and its port are replaced.
    fn configuration(self, block: &str, addr: SocketAddr, directory: &Path) -> String {
        let directory = directory.display();
        match self {
            Self::Nginx => {
                let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|what| format!("{what}_temp_path {directory}/{what};\n"))
                    .concat();
                format!(
                    "daemon off;\nmaster_process off;\npid {directory}/pid;\nerror_log stderr;\nevents {{}}\n\
                     http {{\naccess_log {directory}/{ACCESS_LOG};\n{temporary}server {{\nlisten {addr};\n{block}}}\n}}\n"
                )
            }
            Self::Caddy => {
                let site = block.replacen("example.com {", &format!("http://{addr} {{"), 1);
                format!("{{\nadmin off\nauto_https off\n}}\n{site}")
            }
            Self::Haproxy => {
                let lines = block.lines().map(|line| {
                    if line.trim_start().starts_with("bind ") {
                        format!("    bind {addr}\n")
                    } else {
                        format!("{line}\n")
                    }
                });
                lines.collect()
            }
            Self::Apache => {
                let modules =
                    ["mpm_event", "authz_core", "proxy", "proxy_http", "headers", "reqtimeout", "setenvif"];
                let load: String = modules
                    .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
                    .concat();
                format!(
                    "{load}ServerRoot {directory}\nServerName localhost\nPidFile {directory}/pid\n\
                     DefaultRuntimeDir {directory}\nMutex pthread\nErrorLog /dev/stderr\nListen {addr}\n\
                     LogFormat \"%r\" request\nCustomLog {directory}/{ACCESS_LOG} request env=!secret\n\
                     <VirtualHost {addr}>\n{block}</VirtualHost>\n"
                )
            }
        }
    }

    fn command(self, file: &Path, directory: &Path) -> Command {
        // Not on the search path of every user.
        let program = |name: &str| {
            let system = Path::new("/usr/sbin").join(name);
            if system.is_file() { Command::new(system) } else { Command::new(name) }
        };
        let mut command = match self {
            Self::Nginx => program("nginx"),
            Self::Caddy => program("caddy"),
            Self::Haproxy => program("haproxy"),
            Self::Apache => program("apache2"),
        };
        match self {
            Self::Nginx => command.arg("-e").arg("stderr").arg("-c").arg(file),
            Self::Caddy => command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file),
            Self::Haproxy => command.arg("-db").arg("-f").arg(file),
            Self::Apache => command.arg("-DFOREGROUND").arg("-f").arg(file),
        };
        command
            .current_dir(directory)
            .env("HOME", directory)
            .env("XDG_DATA_HOME", directory)
            .env("XDG_CONFIG_HOME", directory);
        command
    }
}
