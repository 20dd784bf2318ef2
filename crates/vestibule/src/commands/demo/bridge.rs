//! The demo's bridge: Prosody modules, embedded in this program, and a configuration.

use std::{fs, io, net::SocketAddr, path::Path};

use vestibule_core::Host;

/// The bridge's modules.
const MODULES: [(&str, &str); 19] = [
    ("mod_invites.lua", include_str!("../../../../../prosody/mod_invites.lua")),
    ("mod_invites_adhoc.lua", include_str!("../../../../../prosody/mod_invites_adhoc.lua")),
    ("mod_invites_api.lua", include_str!("../../../../../prosody/mod_invites_api.lua")),
    ("mod_invites_register.lua", include_str!("../../../../../prosody/mod_invites_register.lua")),
    ("mod_vestibule_demo.lua", include_str!("mod_vestibule_demo.lua")),
    ("vestibule.lib.lua", include_str!("../../../../../prosody/vestibule.lib.lua")),
    ("vestibule_accounts.lib.lua", include_str!("../../../../../prosody/vestibule_accounts.lib.lua")),
    ("vestibule_create.lib.lua", include_str!("../../../../../prosody/vestibule_create.lib.lua")),
    ("vestibule_form.lib.lua", include_str!("../../../../../prosody/vestibule_form.lib.lua")),
    ("vestibule_generate.lib.lua", include_str!("../../../../../prosody/vestibule_generate.lib.lua")),
    ("vestibule_http.lib.lua", include_str!("../../../../../prosody/vestibule_http.lib.lua")),
    ("vestibule_invite.lib.lua", include_str!("../../../../../prosody/vestibule_invite.lib.lua")),
    ("vestibule_outage.lib.lua", include_str!("../../../../../prosody/vestibule_outage.lib.lua")),
    ("vestibule_outbox.lib.lua", include_str!("../../../../../prosody/vestibule_outbox.lib.lua")),
    ("vestibule_redemption.lib.lua", include_str!("../../../../../prosody/vestibule_redemption.lib.lua")),
    ("vestibule_registration.lib.lua", include_str!("../../../../../prosody/vestibule_registration.lib.lua")),
    ("vestibule_shell.lib.lua", include_str!("../../../../../prosody/vestibule_shell.lib.lua")),
    ("vestibule_stock.lib.lua", include_str!("../../../../../prosody/vestibule_stock.lib.lua")),
    ("vestibule_visible.lib.lua", include_str!("../../../../../prosody/vestibule_visible.lib.lua")),
];

/// Settings of the demo's Prosody.
pub(super) struct Bridge {
    pub(super) host: Host,
    /// URL of the service.
    pub(super) url: String,
    /// A key with every scope. It is written to a temporary file readable by this user only.
    pub(super) key: String,
    /// Address for clients.
    pub(super) c2s: SocketAddr,
}

impl Bridge {
    /// The public half of its key, which identifies this Prosody.
    pub(super) fn id(&self) -> &str {
        self.key.split('/').next().unwrap_or_default()
    }

    /// Writes the modules and a configuration below `folder`; `prosody.cfg.lua` is the one to start with.
    pub(super) fn write(&self, folder: &Path, c2s: SocketAddr, as_root: bool) -> io::Result<()> {
        for sub in ["modules", "data", "certs"] {
            fs::create_dir_all(folder.join(sub))?;
        }
        for (name, text) in MODULES {
            fs::write(folder.join("modules").join(name), text)?;
        }
        fs::write(folder.join("prosody.cfg.lua"), self.config(folder, c2s, as_root))
    }

    /// The configuration stays inside `folder` and listens on `c2s` only.
    fn config(&self, folder: &Path, c2s: SocketAddr, as_root: bool) -> String {
        let path = |name: &str| quoted(&folder.join(name).to_string_lossy());
        format!(
            "-- Made by `vestibule demo`, and removed with it.\n\
             run_as_root = {as_root}\n\
             data_path = {}\n\
             pidfile = {}\n\
             certificates = {}\n\
             log = {{ info = {} }}\n\
             plugin_paths = {{ {} }}\n\
             interfaces = {{ {} }}\n\
             c2s_ports = {{ {} }}\n\
             c2s_direct_tls_ports = {{}}\n\
             s2s_ports = {{}}\n\
             s2s_direct_tls_ports = {{}}\n\
             component_ports = {{}}\n\
             http_ports = {{}}\n\
             https_ports = {{}}\n\
             modules_disabled = {{ \"s2s\", \"tls\" }}\n\
             modules_enabled = {{ \"roster\", \"saslauth\", \"disco\", \"ping\", \"posix\", \"carbons\", \"pep\", \
             \"private\", \"invites\", \"invites_adhoc\", \"invites_register\", \"vestibule_demo\" }}\n\
             authentication = \"internal_hashed\"\n\
             c2s_require_encryption = false\n\
             allow_unencrypted_plain_auth = true\n\
             allow_registration = true\n\
             registration_invite_only = true\n\
             vestibule_url = {}\n\
             vestibule_key = {}\n\
             VirtualHost {}\n",
            path("data"),
            path("prosody.pid"),
            path("certs"),
            path("prosody.log"),
            path("modules"),
            quoted(&c2s.ip().to_string()),
            c2s.port(),
            quoted(&self.url),
            quoted(&self.key),
            quoted(self.host.as_str()),
        )
    }
}

/// A Lua string literal.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars() {
        match one {
            '"' | '\\' => quoted.extend(['\\', one]),
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(one),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_bridge_is_on_board() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../prosody");
        let names =
            fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> =
            names.filter(|name| Path::new(name).extension().is_some_and(|e| e == "lua")).collect();
        names.push("mod_vestibule_demo.lua".to_owned());
        names.sort();
        assert_eq!(names, MODULES.map(|(name, _)| name));
    }

    #[test]
    fn no_path_breaks_out_of_its_quotes() {
        assert_eq!(quoted("/tmp/x"), "\"/tmp/x\"");
        assert_eq!(quoted("a\"b\\c\nd"), "\"a\\\"b\\\\c\\nd\"");
    }
}
