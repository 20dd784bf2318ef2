//! The XMPP server of a host.

use vestibule_xmpp::{Encryption, Route, RouteError, TrustAnchors};

use super::{ConfigError, accounts, accounts::AccountsSettings, file::Xmpp};

/// Reads `[hosts."NAME".xmpp]`. An empty value counts as unset.
pub(super) fn read(name: &str, given: &Xmpp) -> Result<(Route, AccountsSettings), ConfigError> {
    let trust = trust(name, given)?;
    let accounts = accounts::read(name, given, &trust)?;
    Ok((route(name, given, trust)?, accounts))
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

fn route(name: &str, given: &Xmpp, trust: TrustAnchors) -> Result<Route, ConfigError> {
    let place = |setting: &str| format!("[hosts.\"{name}\".xmpp] {setting}");
    let encryption = match filled(given.tls.as_ref()) {
        None | Some("starttls") => Encryption::StartTls,
        Some("direct") => Encryption::Direct,
        Some("none") => Encryption::None,
        Some(_) => {
            let message = "expected \"starttls\", \"direct\", or \"none\"";
            return Err(ConfigError::value(place("tls"), message));
        }
    };
    Route::new(filled(given.c2s.as_ref()), encryption, trust).map_err(|error| {
        let setting = match error {
            RouteError::Address => "c2s",
            RouteError::NotLoopback => "tls",
        };
        ConfigError::value(place(setting), error)
    })
}

/// The certificates to trust.
fn trust(name: &str, given: &Xmpp) -> Result<TrustAnchors, ConfigError> {
    let place = |setting: &str| format!("[hosts.\"{name}\".xmpp] {setting}");
    let (ca_file, cert_sha256) = (filled(given.ca_file.as_ref()), filled(given.cert_sha256.as_ref()));
    match (ca_file, cert_sha256) {
        (Some(_), Some(_)) => {
            let message = "use either cert_sha256 or ca_file, not both";
            Err(ConfigError::value(place("cert_sha256"), message))
        }
        (Some(file), None) => {
            let pem = std::fs::read(file).map_err(|error| {
                ConfigError::value(place("ca_file"), format!("cannot read {file}: {error}"))
            })?;
            TrustAnchors::authorities(&pem)
                .map_err(|error| ConfigError::value(place("ca_file"), format!("{file}: {error}")))
        }
        (None, Some(pin)) => {
            TrustAnchors::pinned(pin).map_err(|error| ConfigError::value(place("cert_sha256"), error))
        }
        (None, None) => Ok(TrustAnchors::system_roots()),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::file::File;

    fn read(settings: &str) -> Result<String, String> {
        let mut file = File::parse(&format!("[hosts.\"a.example\".xmpp]\n{settings}")).unwrap().0;
        let given = file.hosts.remove("a.example").and_then(|host| host.xmpp).unwrap();
        super::read("a.example", &given)
            .map(|(route, _)| route.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn dns_provides_the_address_by_default() {
        for settings in ["", "c2s = \"\"\ntls = \"\"\nca_file = \"\"\ncert_sha256 = \"\"", "tls = \"direct\""]
        {
            assert_eq!(read(settings).unwrap(), "the address from DNS", "{settings}");
        }
        let pinned = format!("c2s = \"[::1]:5222\"\ncert_sha256 = \"{}\"", "0a".repeat(32));
        assert_eq!(read(&pinned).unwrap(), "[::1]:5222");
        assert_eq!(read("c2s = \"127.0.0.1:5222\"\ntls = \"none\"").unwrap(), "127.0.0.1:5222");
    }

    #[test]
    fn each_error_names_its_setting() {
        let not_there = "ca_file = \"/nowhere/ca.pem\"";
        let no_pem = format!("ca_file = \"{}/Cargo.toml\"", env!("CARGO_MANIFEST_DIR"));
        let both = format!("ca_file = \"x\"\ncert_sha256 = \"{}\"", "0a".repeat(32));
        for (settings, setting, message) in [
            ("tls = \"STARTTLS\"", "tls", "expected \"starttls\""),
            ("tls = \"none\"", "tls", "only an address of this machine"),
            ("tls = \"none\"\nc2s = \"xmpp.example:5222\"", "tls", "only an address of this machine"),
            ("c2s = \"127.0.0.1\"", "c2s", "a name or an address, and a port"),
            ("cert_sha256 = \"abc\"", "cert_sha256", "64 hexadecimal digits"),
            (&both, "cert_sha256", "not both"),
            (not_there, "ca_file", "cannot read /nowhere/ca.pem"),
            (&no_pem, "ca_file", "contains no certificate"),
        ] {
            let error = read(settings).unwrap_err();
            let begin = format!("[hosts.\"a.example\".xmpp] {setting}: ");
            assert!(error.starts_with(&begin) && error.contains(message), "{settings}: {error}");
        }
    }
}
