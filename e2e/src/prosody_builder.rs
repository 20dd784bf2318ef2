//! The settings of a Prosody to start.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::HarnessError;
use crate::certificate::Certificate;
use crate::ports::free_port;
use crate::prosody::{Launch, Prosody};
use crate::prosody_config::{CERTIFICATE_FILE, Config, KEY_FILE, Ports};
use crate::prosody_version::Version;

/// The user and group `nobody`.
const NOBODY: u32 = 65534;
/// The bridge's modules.
const BRIDGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../prosody");
/// The modules of the tests.
const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/prosody");
/// The directory into which `scripts/needs.sh` unpacks newer community modules.
const NEWER_COMMUNITY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../target/prosody-modules/usr/lib/prosody/modules");
/// The directory of Debian's community modules, with a directory for each.
const COMMUNITY: &str = "/usr/lib/prosody/modules";

/// The settings of a Prosody, created by [`Prosody::builder`].
#[derive(Debug, Default)]
pub struct ProsodyBuilder {
    version: Version,
    host: Option<String>,
    more_hosts: Vec<String>,
    unbridged_hosts: Vec<String>,
    host_extra: Vec<String>,
    modules: Vec<String>,
    plugin_paths: Vec<String>,
    extra: Vec<String>,
    certificate: Option<Certificate>,
    log_level: Option<&'static str>,
    c2s_port: Option<u16>,
    as_nobody: bool,
}

impl ProsodyBuilder {
    /// Sets the version; 0.12 by default.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Sets the XMPP domain; `localhost` by default.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// Adds a domain without the added modules.
    #[must_use]
    pub fn another_host(mut self, host: &str) -> Self {
        self.more_hosts.push(host.to_owned());
        self
    }

    /// Adds a module.
    #[must_use]
    pub fn module(mut self, name: &str) -> Self {
        self.modules.push(name.to_owned());
        self
    }

    /// Adds a community module of Debian. The newer Prosody does not find these by default.
    #[must_use]
    pub fn community_module(self, name: &str) -> Self {
        let directory = Path::new(COMMUNITY).join(format!("mod_{name}"));
        self.plugin_path(&directory).module(name)
    }

    /// Adds a community module of a newer Debian.
    #[must_use]
    pub fn newer_community_module(self, name: &str) -> Self {
        let directory = Path::new(NEWER_COMMUNITY).join(format!("mod_{name}"));
        self.plugin_path(&directory).module(name)
    }

    /// Adds one of the tests' own modules.
    #[must_use]
    pub fn test_module(self, name: &str) -> Self {
        self.plugin_path(Path::new(OURS)).module(name)
    }

    /// Adds a plugin directory that takes precedence over Prosody's own.
    #[must_use]
    pub fn plugin_path(mut self, directory: &Path) -> Self {
        self.plugin_paths.push(directory.display().to_string());
        self
    }

    /// Sets the log level; `debug` by default.
    #[must_use]
    pub fn log_level(mut self, level: &'static str) -> Self {
        self.log_level = Some(level);
        self
    }

    /// Adds a global line of the configuration.
    #[must_use]
    pub fn config(mut self, line: &str) -> Self {
        self.extra.push(line.to_owned());
        self
    }

    /// Adds a line of the configuration of its first host.
    #[must_use]
    pub fn host_config(mut self, line: &str) -> Self {
        self.host_extra.push(line.to_owned());
        self
    }

    /// Enables registration by invite in apps, with Prosody's own modules.
    #[must_use]
    pub fn invites(self) -> Self {
        let suite = ["register_ibr", "invites", "invites_register", "invites_adhoc"];
        suite.iter().fold(self, |builder, name| builder.module(name)).config("allow_registration = true")
    }

    /// Enables registration by invite in apps, with the bridge to the Vestibule at `url` and `key`.
    #[must_use]
    pub fn bridge(self, url: &str, key: &str) -> Self {
        self.invites()
            .module("invites_api")
            .plugin_path(Path::new(BRIDGE))
            .config(&format!("vestibule_url = \"{url}\""))
            .host_config(&format!("vestibule_key = \"{key}\""))
    }

    /// Adds a domain with the modules of registration by invite, but without a key for Vestibule.
    #[must_use]
    pub fn unbridged_host(mut self, host: &str) -> Self {
        self.unbridged_hosts.push(host.to_owned());
        self
    }

    /// Requires encryption with this certificate, on the usual port (STARTTLS) and on one with direct TLS. By default
    /// there is no encryption.
    #[must_use]
    pub fn encrypted(mut self, certificate: &Certificate) -> Self {
        self.certificate = Some(certificate.clone());
        self
    }

    /// Sets the port for clients, if it must be known before the start; see [`free_port`].
    #[must_use]
    pub fn c2s_port(mut self, port: u16) -> Self {
        self.c2s_port = Some(port);
        self
    }

    /// Runs it as `nobody`, because permissions do not apply to root. Requires root.
    #[must_use]
    pub fn as_nobody(mut self) -> Self {
        self.as_nobody = true;
        self
    }

    /// Starts it in a temporary directory and returns once its ports accept connections.
    ///
    /// # Errors
    /// If Prosody is not installed, or does not open its ports.
    pub fn start(self) -> Result<Prosody, HarnessError> {
        if !self.version.is_there() {
            return Err(HarnessError::NotReady {
                program: "prosody".to_owned(),
                why: format!("{:?} is not installed: run scripts/needs.sh", self.version),
                output: String::new(),
            });
        }
        let directory = TempDir::new().map_err(HarnessError::io("making a temporary directory"))?;
        for sub in ["data", "certs"] {
            std::fs::create_dir(directory.path().join(sub))
                .map_err(HarnessError::io(format!("making {sub}")))?;
        }
        let ports = Ports {
            c2s: self.c2s_port.map_or_else(free_port, Ok)?,
            http: free_port()?,
            direct: self.certificate.as_ref().map(|_| free_port()).transpose()?,
        };
        if let Some(certificate) = &self.certificate {
            for (name, text) in [(CERTIFICATE_FILE, &certificate.pem), (KEY_FILE, &certificate.key_pem)] {
                std::fs::write(directory.path().join(name), text)
                    .map_err(HarnessError::io(format!("writing {name}")))?;
            }
        }
        let config = self.write_config(directory.path(), ports)?;
        if self.as_nobody {
            for path in ["", "data", "certs", "prosody.cfg.lua"] {
                chown(directory.path().join(path), Some(NOBODY), Some(NOBODY))
                    .map_err(HarnessError::io("changing the owner of a temporary directory"))?;
            }
        }
        let host = self.host.unwrap_or_else(|| "localhost".to_owned());
        let as_nobody = self.as_nobody;
        let launch = Launch { version: self.version, config, host, ports, directory, as_nobody };
        Prosody::launch(launch)
    }

    fn write_config(&self, directory: &Path, ports: Ports) -> Result<PathBuf, HarnessError> {
        let text = Config {
            directory,
            log_level: self.log_level.unwrap_or("debug"),
            host: self.host.as_deref().unwrap_or("localhost"),
            modules: &self.modules,
            plugin_paths: &self.plugin_paths,
            extra: &self.extra,
            more_hosts: &self.more_hosts,
            unbridged_hosts: &self.unbridged_hosts,
            host_extra: &self.host_extra,
            ports,
        }
        .render();
        let config = directory.join("prosody.cfg.lua");
        std::fs::write(&config, text).map_err(HarnessError::io("writing the configuration"))?;
        Ok(config)
    }
}
