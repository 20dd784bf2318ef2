//! The settings of an ejabberd to start.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::HarnessError;
use crate::ejabberd::{Ejabberd, Launch, Ports};
use crate::ejabberd_root::{CompiledModule, EjabberdVersion, Root};
use crate::ports::free_port;

/// The name of Vestibule's module.
const MODULE: &str = "mod_invites_vestibule";

/// The settings of an ejabberd, created by [`Ejabberd::builder`].
#[derive(Debug, Default)]
pub struct EjabberdBuilder {
    version: EjabberdVersion,
    has_no_invites: bool,
    api_rights: Option<(String, String)>,
    host: Option<String>,
    more_hosts: Vec<String>,
    modules: Vec<String>,
    extra: Vec<String>,
    has_module: bool,
    has_sources: bool,
    c2s_port: Option<u16>,
    register_modules: Option<&'static str>,
    password_strength: u32,
    registration_timeout: Option<u32>,
}

impl EjabberdBuilder {
    /// Sets the XMPP domain; `localhost` by default.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// Sets the version, without `mod_invites` and in-band registration: accounts are administered from outside, by the
    /// account `admin` or by the API.
    #[must_use]
    pub fn administered(mut self, version: EjabberdVersion) -> Self {
        self.version = version;
        self.has_no_invites = true;
        self
    }

    /// Sets the clients of [`Ejabberd::api_url`] and their commands, in YAML's flow style: `{ip: 127.0.0.1/32}`,
    /// `register, status`.
    #[must_use]
    pub fn api_rights(mut self, who: &str, what: &str) -> Self {
        self.api_rights = Some((who.to_owned(), what.to_owned()));
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

    /// Lets an address register once in this time, in seconds. There is no limit by default.
    #[must_use]
    pub fn registration_timeout(mut self, seconds: u32) -> Self {
        self.registration_timeout = Some(seconds);
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
        let root = Root::find(self.version)?;
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
        let ports =
            Ports { c2s: self.c2s_port.map_or_else(free_port, Ok)?, http: free_port()?, api: free_port()? };
        let host = self.host.clone().unwrap_or_else(|| "localhost".to_owned());
        self.write_config(&host, &directory, ports)?;
        Ejabberd::launch(Launch { root, host, ports, directory })
    }

    fn write_config(&self, host: &str, directory: &TempDir, ports: Ports) -> Result<(), HarnessError> {
        let hosts: Vec<_> =
            std::iter::once(host).chain(self.more_hosts.iter().map(String::as_str)).map(quoted).collect();
        let handlers = if self.has_no_invites {
            "/api: mod_http_api"
        } else {
            "/api: mod_http_api, /join: mod_invites, /admin: ejabberd_web_admin, /new: mod_register_web"
        };
        let rights = self.api_rights.as_ref().map(|(who, what)| {
            format!("  vestibule: {{from: [mod_http_api], who: [{who}], what: [{what}]}}\n")
        });
        let registration_timeout =
            self.registration_timeout.map_or_else(|| "infinity".to_owned(), |seconds| seconds.to_string());
        // The tests' own listener has every right.
        let mut text = format!(
            "# The configuration of one test, removed with it.\n\
             hosts: [{}]\n\
             loglevel: info\n\
             registration_timeout: {registration_timeout}\n\
             listen:\n\
             \x20 - {{ip: \"127.0.0.1\", port: {}, module: ejabberd_c2s, starttls: false, access: c2s}}\n\
             \x20 - {{ip: \"127.0.0.1\", port: {}, module: ejabberd_http, tag: \"tests\", \
             request_handlers: {{{handlers}}}}}\n\
             \x20 - {{ip: \"127.0.0.1\", port: {}, module: ejabberd_http, \
             request_handlers: {{/api: mod_http_api}}}}\n\
             acl: {{local: {{user_regexp: \"\"}}, admin: {{user: [admin]}}, vestibule: {{user: [vestibule]}}}}\n\
             access_rules: {{c2s: {{allow: all}}, local: {{allow: local}}, invite: {{allow: local}}, \
             configure: [{{allow: admin}}, {{allow: vestibule}}]}}\n\
             api_permissions:\n\
             \x20 tests: {{from: [{{tag: \"tests\"}}], who: all, what: [\"*\"]}}\n{}",
            hosts.join(", "),
            ports.c2s,
            ports.http,
            ports.api,
            rights.unwrap_or_default(),
        );
        for line in &self.extra {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "modules:");
        let (register, strength) = (self.register_modules.unwrap_or("[mod_invites]"), self.password_strength);
        let own = if self.has_no_invites {
            ADMINISTERED.map(str::to_owned).to_vec()
        } else {
            let options = format!("{{allow_modules: {register}, password_strength: {strength}}}");
            vec![format!("mod_register: {options}"), "mod_register_web: {}".to_owned()]
        };
        for line in own {
            let _ = writeln!(text, "  {line}");
        }
        for line in ALWAYS.into_iter().chain(self.modules.iter().map(String::as_str)) {
            let _ = writeln!(text, "  {line}");
        }
        std::fs::write(directory.path().join("ejabberd.yml"), text)
            .map_err(HarnessError::io("writing the configuration"))
    }
}

/// Modules of every test.
const ALWAYS: [&str; 6] = [
    "mod_adhoc: {}",
    "mod_admin_extra: {}",
    "mod_disco: {}",
    "mod_http_api: {}",
    "mod_ping: {}",
    "mod_roster: {}",
];

/// Modules of an ejabberd whose accounts are administered from outside.
const ADMINISTERED: [&str; 4] =
    ["mod_configure: {}", "mod_last: {}", "mod_shared_roster: {}", "mod_version: {}"];

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
