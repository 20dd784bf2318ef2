//! The configuration file of a Prosody under test.

use std::fmt::Write as _;
use std::path::Path;

/// The modules of every host.
const ALWAYS: [&str; 6] = ["roster", "saslauth", "disco", "ping", "http", "admin_shell"];

/// The modules of hosts without a key for Vestibule.
const UNBRIDGED: [&str; 4] = ["register_ibr", "invites", "invites_register", "invites_adhoc"];

/// The content of the file.
#[derive(Debug)]
pub(crate) struct Config<'a> {
    pub(crate) directory: &'a Path,
    pub(crate) log_level: &'a str,
    pub(crate) host: &'a str,
    pub(crate) modules: &'a [String],
    pub(crate) plugin_paths: &'a [String],
    pub(crate) extra: &'a [String],
    pub(crate) more_hosts: &'a [String],
    pub(crate) unbridged_hosts: &'a [String],
    pub(crate) host_extra: &'a [String],
    pub(crate) ports: Ports,
}

/// The listening ports.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    /// For clients.
    pub(crate) c2s: u16,
    /// For HTTP.
    pub(crate) http: u16,
    /// For clients with direct TLS; only with encryption.
    pub(crate) direct: Option<u16>,
}

/// The socket of `prosodyctl shell`, in its directory.
pub(crate) const ADMIN_SOCKET: &str = "prosody.sock";
/// In its directory, where there is encryption.
pub(crate) const CERTIFICATE_FILE: &str = "certs/certificate.pem";
/// In its directory, where there is encryption.
pub(crate) const KEY_FILE: &str = "certs/key.pem";

impl Config<'_> {
    /// Returns the text of the file. All paths are in `directory`, and all addresses are loopback.
    pub(crate) fn render(&self) -> String {
        let directory = self.directory.display();
        let mut text = format!(
            "-- The configuration of one test, removed with it.\n\
             run_as_root = true\n\
             daemonize = false\n\
             data_path = \"{directory}/data\"\n\
             pidfile = \"{directory}/prosody.pid\"\n\
             admin_socket = \"{directory}/{ADMIN_SOCKET}\"\n\
             certificates = \"{directory}/certs\"\n\
             log = {{ {} = \"{directory}/prosody.log\" }}\n\
             interfaces = {{ \"127.0.0.1\" }}\n\
             c2s_ports = {{ {} }}\n\
             http_interfaces = {{ \"127.0.0.1\" }}\n\
             http_ports = {{ {} }}\n\
             https_ports = {{}}\n\
             s2s_ports = {{}}\n\
             http_default_host = \"{}\"\n\
             authentication = \"internal_hashed\"\n",
            self.log_level, self.ports.c2s, self.ports.http, self.host
        );
        text.push_str(&self.encryption());
        let tls = self.ports.direct.map(|_| "tls");
        let modules = ALWAYS.into_iter().chain(tls).map(str::to_owned).collect::<Vec<_>>();
        let _ = writeln!(text, "plugin_paths = {{ {} }}", quoted(self.plugin_paths));
        let _ = writeln!(text, "modules_enabled = {{ {} }}", quoted(&modules));
        for line in self.extra {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "VirtualHost \"{}\"", self.host);
        let _ = writeln!(text, "modules_enabled = {{ {} }}", quoted(self.modules));
        for line in self.host_extra {
            let _ = writeln!(text, "{line}");
        }
        for host in self.unbridged_hosts {
            let _ = writeln!(
                text,
                "VirtualHost \"{host}\"\nmodules_enabled = {{ {} }}",
                quoted(&UNBRIDGED.map(str::to_owned))
            );
        }
        for host in self.more_hosts {
            let _ = writeln!(text, "VirtualHost \"{host}\"");
        }
        text
    }

    /// Returns the lines about encryption: it is either required or disabled.
    fn encryption(&self) -> String {
        let Some(port) = self.ports.direct else {
            return "c2s_direct_tls_ports = {}\n\
                    c2s_require_encryption = false\n\
                    allow_unencrypted_plain_auth = true\n\
                    modules_disabled = { \"s2s\", \"tls\" }\n"
                .to_owned();
        };
        let directory = self.directory.display();
        format!(
            "c2s_direct_tls_ports = {{ {port} }}\n\
             c2s_require_encryption = true\n\
             ssl = {{ certificate = \"{directory}/{CERTIFICATE_FILE}\", key = \"{directory}/{KEY_FILE}\" }}\n\
             modules_disabled = {{ \"s2s\" }}\n"
        )
    }
}

fn quoted(texts: &[String]) -> String {
    texts.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}
