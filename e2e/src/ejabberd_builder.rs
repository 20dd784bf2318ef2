//! The settings of an ejabberd to start.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::HarnessError;
use crate::ejabberd::{Ejabberd, Launch, Ports};
use crate::ejabberd_root::{CompiledModule, Root};
use crate::ports::free_port;

/// The name of Vestibule's module.
const MODULE: &str = "mod_invites_vestibule";

/// The settings of an ejabberd, created by [`Ejabberd::builder`].
#[derive(Debug, Default)]
pub struct EjabberdBuilder {
    host: Option<String>,
    more_hosts: Vec<String>,
    modules: Vec<String>,
    extra: Vec<String>,
    has_module: bool,
    has_sources: bool,
    c2s_port: Option<u16>,
    register_modules: Option<&'static str>,
    password_strength: u32,
}

impl EjabberdBuilder {
    /// Sets the XMPP domain; `localhost` by default.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// Adds a domain with the same modules.
    #[must_use]
    pub fn another_host(mut self, host: &str) -> Self {
        self.more_hosts.push(host.to_owned());
        self
    }

    /// Adds a module with its options, in YAML's flow style: `mod_ping: {}`.
    #[must_use]
    pub fn module(mut self, line: &str) -> Self {
        self.modules.push(line.to_owned());
        self
    }

    /// Adds a global line of the configuration.
    #[must_use]
    pub fn config(mut self, line: &str) -> Self {
        self.extra.push(line.to_owned());
        self
    }

    /// Sets the port for clients, if it must be known before the start; see [`free_port`].
    #[must_use]
    pub fn c2s_port(mut self, port: u16) -> Self {
        self.c2s_port = Some(port);
        self
    }

    /// Allows everybody to register, without an invite too.
    #[must_use]
    pub fn open_registration(mut self) -> Self {
        self.register_modules = Some("all");
        self
    }

    /// Refuses passwords of less entropy, in bits.
    #[must_use]
    pub fn password_strength(mut self, bits: u32) -> Self {
        self.password_strength = bits;
        self
    }

    /// Installs Vestibule's module without configuring it.
    #[must_use]
    pub fn vestibule_module(mut self) -> Self {
        self.has_module = true;
        self
    }

    /// Puts the sources of Vestibule's module where `module_install` looks for them.
    #[must_use]
    pub fn vestibule_sources(mut self) -> Self {
        self.has_sources = true;
        self
    }

    /// Stores the invites in the Vestibule at `url` with this key. Members may create invites.
    #[must_use]
    pub fn bridge(self, url: &str, key: &str) -> Self {
        self.vestibule_module().module(&format!("mod_invites: {}", bridge_options(url, key)))
    }

    /// Starts it in a temporary directory and returns once its ports accept connections.
    ///
    /// # Errors
    /// If ejabberd is not installed, or does not open its ports.
    pub fn start(self) -> Result<Ejabberd, HarnessError> {
        let root = Root::find()?;
        let directory = root.temporary_directory()?;
        for sub in ["data", "contrib/sources"] {
            std::fs::create_dir_all(directory.path().join(sub))
                .map_err(HarnessError::io(format!("making {sub}")))?;
        }
        if self.has_module {
            compiled(&root)?.install(&directory.path().join("contrib").join(MODULE))?;
        }
        if self.has_sources {
            copy(&sources(), &directory.path().join("contrib/sources").join(MODULE))?;
        }
        let ports = Ports { c2s: self.c2s_port.map_or_else(free_port, Ok)?, http: free_port()? };
        let host = self.host.clone().unwrap_or_else(|| "localhost".to_owned());
        self.write_config(&host, &directory, ports)?;
        Ejabberd::launch(Launch { root, host, ports, directory })
    }

    fn write_config(&self, host: &str, directory: &TempDir, ports: Ports) -> Result<(), HarnessError> {
        let hosts: Vec<_> =
            std::iter::once(host).chain(self.more_hosts.iter().map(String::as_str)).map(quoted).collect();
        let register = self.register_modules.unwrap_or("[mod_invites]");
        let mut text = format!(
            "# The configuration of one test, removed with it.\n\
             hosts: [{}]\n\
             loglevel: info\n\
             registration_timeout: infinity\n\
             listen:\n\
             \x20 - {{ip: \"127.0.0.1\", port: {}, module: ejabberd_c2s, starttls: false, access: c2s}}\n\
             \x20 - {{ip: \"127.0.0.1\", port: {}, module: ejabberd_http, \
             request_handlers: {{/api: mod_http_api, /join: mod_invites, /admin: ejabberd_web_admin, \
             /new: mod_register_web}}}}\n\
             acl: {{local: {{user_regexp: \"\"}}, admin: {{user: [admin]}}}}\n\
             access_rules: {{c2s: {{allow: all}}, local: {{allow: local}}, invite: {{allow: local}}}}\n\
             api_permissions:\n\
             \x20 tests: {{from: [mod_http_api], who: [{{ip: 127.0.0.1/32}}], what: [\"*\"]}}\n",
            hosts.join(", "),
            ports.c2s,
            ports.http,
        );
        for line in &self.extra {
            let _ = writeln!(text, "{line}");
        }
        let strength = self.password_strength;
        let _ = writeln!(
            text,
            "modules:\n  mod_register: {{allow_modules: {register}, password_strength: {strength}}}"
        );
        for line in ALWAYS.into_iter().chain(self.modules.iter().map(String::as_str)) {
            let _ = writeln!(text, "  {line}");
        }
        std::fs::write(directory.path().join("ejabberd.yml"), text)
            .map_err(HarnessError::io("writing the configuration"))
    }
}

/// Modules of every test.
const ALWAYS: [&str; 7] = [
    "mod_adhoc: {}",
    "mod_admin_extra: {}",
    "mod_disco: {}",
    "mod_http_api: {}",
    "mod_ping: {}",
    "mod_register_web: {}",
    "mod_roster: {}",
];

/// Returns the options of `mod_invites` for an address and a key.
pub(crate) fn bridge_options(url: &str, key: &str) -> String {
    format!(
        "{{db_type: vestibule, vestibule_url: {}, vestibule_key: {}, access_create_account: invite, \
         landing_page: {}}}",
        quoted(url),
        quoted(key),
        quoted("https://example.com/invite/{{ invite.token }}")
    )
}

/// Returns Vestibule's module, compiled.
pub(crate) fn compiled(root: &Root) -> Result<&'static CompiledModule, HarnessError> {
    CompiledModule::of(root, &sources())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ejabberd").join(MODULE)
}

fn copy(from: &Path, to: &Path) -> Result<(), HarnessError> {
    let failed = || HarnessError::io(format!("copying {}", from.display()));
    std::fs::create_dir_all(to).map_err(failed())?;
    for entry in std::fs::read_dir(from).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target).map_err(failed())?;
        }
    }
    Ok(())
}
