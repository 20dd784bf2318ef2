//! The private configuration file of a Prosody under test.

use std::fmt::Write as _;
use std::path::Path;

/// Loaded in every test, on every host.
const ALWAYS: [&str; 6] = ["roster", "saslauth", "disco", "ping", "http", "admin_shell"];

/// What goes into the file.
#[derive(Debug)]
pub(crate) struct Config<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) log_level: &'a str,
    pub(crate) host: &'a str,
    pub(crate) modules: &'a [String],
    pub(crate) plugin_paths: &'a [String],
    pub(crate) extra: &'a [String],
    pub(crate) more_hosts: &'a [String],
    pub(crate) c2s_port: u16,
    pub(crate) http_port: u16,
}

impl Config<'_> {
    /// The file as text. Nothing in it points outside `folder`, and only loopback is listened on. There is
    /// no TLS: what is tested here does not depend on it.
    pub(crate) fn render(&self) -> String {
        let folder = self.folder.display();
        let mut text = format!(
            "-- Made for one test and removed with it.\n\
             run_as_root = true\n\
             daemonize = false\n\
             data_path = \"{folder}/data\"\n\
             pidfile = \"{folder}/prosody.pid\"\n\
             admin_socket = \"{folder}/prosody.sock\"\n\
             certificates = \"{folder}/certs\"\n\
             log = {{ {} = \"{folder}/prosody.log\" }}\n\
             interfaces = {{ \"127.0.0.1\" }}\n\
             c2s_ports = {{ {} }}\n\
             c2s_direct_tls_ports = {{}}\n\
             http_interfaces = {{ \"127.0.0.1\" }}\n\
             http_ports = {{ {} }}\n\
             https_ports = {{}}\n\
             s2s_ports = {{}}\n\
             http_default_host = \"{}\"\n\
             authentication = \"internal_hashed\"\n\
             c2s_require_encryption = false\n\
             allow_unencrypted_plain_auth = true\n\
             modules_disabled = {{ \"s2s\", \"tls\" }}\n",
            self.log_level, self.c2s_port, self.http_port, self.host
        );
        let modules = ALWAYS.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let _ = writeln!(text, "plugin_paths = {{ {} }}", quoted(self.plugin_paths));
        let _ = writeln!(text, "modules_enabled = {{ {} }}", quoted(&modules));
        for line in self.extra {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "VirtualHost \"{}\"", self.host);
        let _ = writeln!(text, "modules_enabled = {{ {} }}", quoted(self.modules));
        for host in self.more_hosts {
            let _ = writeln!(text, "VirtualHost \"{host}\"");
        }
        text
    }
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}
