//! Reverse proxies in front of a Vestibule, with the files of `docs/proxies`.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::ports::{free_port, wait_for_port};
use crate::process::Process;
use crate::proxy_file::{Addresses, ProxyFile};
use crate::{Certificate, HarnessError};

/// The access log in its directory.
pub(crate) const ACCESS_LOG: &str = "access.log";
/// The name in the files and in the certificate.
const NAME: &str = "example.com";
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

/// A reverse proxy on free loopback ports. Dropping it ends it.
#[derive(Debug)]
pub struct ReverseProxy {
    process: Process,
    main: SocketAddr,
    redirect: SocketAddr,
    directory: TempDir,
}

impl ReverseProxy {
    /// Starts a proxy for the server at `upstream`, with the file of the handbook. Its port for HTTPS speaks plain HTTP,
    /// so that tests can send any bytes; [`start_with_tls`](Self::start_with_tls) changes nothing but addresses.
    ///
    /// # Errors
    /// If the program is missing, or does not listen.
    pub fn start(kind: ProxyKind, upstream: SocketAddr) -> Result<Self, HarnessError> {
        Self::start_file(kind, upstream, false)
    }

    /// Starts a proxy with the file of the handbook, with TLS.
    ///
    /// # Errors
    /// If the program is missing, or does not listen.
    pub fn start_with_tls(kind: ProxyKind, upstream: SocketAddr) -> Result<Self, HarnessError> {
        Self::start_file(kind, upstream, true)
    }

    fn start_file(kind: ProxyKind, upstream: SocketAddr, tls: bool) -> Result<Self, HarnessError> {
        let directory = temporary_directory()?;
        let path = directory.path();
        let certificate = Certificate::new(NAME, true)?;
        write(path, "certificate.pem", &certificate.pem)?;
        write(path, "key.pem", &certificate.key_pem)?;
        write(path, "both.pem", &format!("{}{}", certificate.pem, certificate.key_pem))?;
        let addresses = Addresses { upstream, main: local()?, redirect: local()?, unused: local()?, tls };
        let text = ProxyFile::of(kind).with(&addresses, path)?;
        Self::spawn(kind, &text, addresses.main, addresses.redirect, directory)
    }

    /// Starts an nginx with these lines in its `server`, instead of the handbook's.
    ///
    /// # Errors
    /// If the program is missing, or does not listen.
    pub fn nginx(lines: &str) -> Result<Self, HarnessError> {
        let main = local()?;
        let text = format!("server {{\nlisten {main};\n{lines}}}\n");
        Self::spawn(ProxyKind::Nginx, &text, main, main, temporary_directory()?)
    }

    fn spawn(
        kind: ProxyKind,
        text: &str,
        main: SocketAddr,
        redirect: SocketAddr,
        directory: TempDir,
    ) -> Result<Self, HarnessError> {
        let path = directory.path();
        write(path, "configuration", &kind.surround(text, [main, redirect], path))?;
        let mut process = Process::spawn(kind.command(&path.join("configuration"), path))?;
        if !wait_for_port(main, READY, || process.has_ended()) {
            return Err(HarnessError::NotReady {
                program: format!("{kind:?}"),
                why: format!("nothing listens at {main}"),
                output: process.stderr(),
            });
        }
        Ok(Self { process, main, redirect, directory })
    }

    /// Returns the listening address.
    pub fn addr(&self) -> SocketAddr {
        self.main
    }

    /// Returns the address at which requests are redirected to HTTPS.
    pub fn redirect_addr(&self) -> SocketAddr {
        self.redirect
    }

    /// Returns `http://ADDR:PORT` without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// Opens an address at the name of its certificate with curl, which trusts this certificate only. Returns the status
    /// and the `Location`, or an empty one.
    ///
    /// # Errors
    /// If curl is missing or fails.
    pub fn open(
        &self,
        scheme: &str,
        addr: SocketAddr,
        target: &str,
    ) -> Result<(String, String), HarnessError> {
        let port = addr.port();
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--noproxy", "*", "--output", "/dev/null"])
            .args(["--write-out", "%{http_code} %{redirect_url}", "--resolve"])
            .arg(format!("{NAME}:{port}:{}", addr.ip()))
            .arg("--cacert")
            .arg(self.directory.path().join("certificate.pem"))
            .arg(format!("{scheme}://{NAME}:{port}{target}"))
            .output()
            .map_err(HarnessError::io("starting curl"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        match text.split_once(' ') {
            Some((status, location)) if output.status.success() => Ok((status.into(), location.into())),
            _ => Err(HarnessError::NotReady {
                program: "curl".to_owned(),
                why: String::from_utf8_lossy(&output.stderr).into_owned(),
                output: self.stderr(),
            }),
        }
    }

    /// Returns its stderr so far.
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }

    /// Returns everything that it has logged so far.
    pub fn logs(&self) -> String {
        let file = fs::read_to_string(self.directory.path().join(ACCESS_LOG)).unwrap_or_default();
        file + &self.stderr()
    }
}

fn temporary_directory() -> Result<TempDir, HarnessError> {
    TempDir::new().map_err(HarnessError::io("making a temporary directory"))
}

fn write(directory: &Path, name: &str, text: &str) -> Result<(), HarnessError> {
    fs::write(directory.join(name), text).map_err(HarnessError::io("writing a proxy's files"))
}

/// Returns a free loopback address.
fn local() -> Result<SocketAddr, HarnessError> {
    Ok(SocketAddr::from(([127, 0, 0, 1], free_port()?)))
}

impl ProxyKind {
    /// Adds the parts of a configuration that Debian has in other files, for an unprivileged directory.
    fn surround(self, text: &str, listen: [SocketAddr; 2], directory: &Path) -> String {
        let directory = directory.display();
        match self {
            Self::Nginx => {
                let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|what| format!("{what}_temp_path {directory}/{what};\n"))
                    .concat();
                format!(
                    "daemon off;\nmaster_process off;\npid {directory}/pid;\nerror_log stderr;\nevents {{}}\n\
                     http {{\naccess_log {directory}/{ACCESS_LOG};\n{temporary}{text}}}\n"
                )
            }
            Self::Caddy | Self::Haproxy => text.to_owned(),
            Self::Apache => {
                let modules = [
                    "mpm_event",
                    "authz_core",
                    "proxy",
                    "proxy_http",
                    "headers",
                    "reqtimeout",
                    "ssl",
                    "alias",
                ];
                let load: String = modules
                    .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
                    .concat();
                format!(
                    "{load}ServerRoot {directory}\nServerName localhost\nPidFile {directory}/pid\n\
                     DefaultRuntimeDir {directory}\nMutex pthread\nErrorLog /dev/stderr\n\
                     Define APACHE_LOG_DIR {directory}\nListen {}\nListen {}\n\
                     LogFormat \"%h %l %u %t \\\"%r\\\" %>s %O \\\"%{{Referer}}i\\\"\" combined\n{text}",
                    listen[0], listen[1]
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
