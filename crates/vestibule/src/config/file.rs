//! The configuration file.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use toml::Table;

use super::{ConfigError, DatabaseUrl, unknown_settings};

/// The configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_field_names, reason = "the names are those of the settings")]
pub(super) struct File {
    pub(super) listen: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) database: Option<DatabaseUrl>,
    pub(super) database_password_file: Option<String>,
    pub(super) database_connections: Option<u32>,
    pub(super) data_dir: Option<String>,
    pub(super) seal_key_file: Option<String>,
    pub(super) log: Option<String>,
    pub(super) keep_invites: Option<String>,
    pub(super) keep_events: Option<String>,
    pub(super) max_connections: Option<usize>,
    pub(super) max_connections_per_address: Option<usize>,
    pub(super) idle_timeout: Option<String>,
    pub(super) head_timeout: Option<String>,
    pub(super) body_timeout: Option<String>,
    pub(super) request_timeout: Option<String>,
    pub(super) answer_timeout: Option<String>,
    pub(super) min_bytes_per_second: Option<u64>,
    pub(super) trusted_proxies: Option<Vec<String>>,
    pub(super) client_address: Option<String>,
    pub(super) guess_rate: Option<String>,
    pub(super) metrics_from: Option<Vec<String>>,
    pub(super) trace_context_from: Option<Vec<String>>,
    pub(super) otlp_endpoint: Option<String>,
    pub(super) templates_dir: Option<String>,
    pub(super) hosts: BTreeMap<String, Host>,
}

/// `[hosts."example.com"]`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Host {
    pub(super) site_name: Option<String>,
    pub(super) default_language: Option<String>,
    pub(super) invite_expiry: Option<String>,
    pub(super) reserved_usernames: Option<Vec<String>>,
    pub(super) landing_url: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) webchat_url: Option<String>,
    pub(super) imprint_url: Option<String>,
    pub(super) privacy_url: Option<String>,
    pub(super) accent: Option<String>,
    pub(super) logo_file: Option<String>,
    pub(super) css_file: Option<String>,
    pub(super) apps_show: Vec<String>,
    pub(super) apps_hide: Vec<String>,
    pub(super) apps: Vec<App>,
    pub(super) xmpp: Option<Xmpp>,
}

/// `[[hosts."example.com".apps]]`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_field_names, reason = "the names are those of the settings")]
pub(super) struct App {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) about: Option<String>,
    pub(super) devices: Vec<String>,
    pub(super) takes_invites: bool,
    pub(super) url: Option<String>,
    pub(super) google_play: Option<String>,
    pub(super) f_droid: Option<String>,
    pub(super) app_store: Option<String>,
    pub(super) flathub: Option<String>,
}

/// `[hosts."example.com".xmpp]`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Xmpp {
    pub(super) c2s: Option<String>,
    pub(super) tls: Option<String>,
    pub(super) ca_file: Option<String>,
    pub(super) cert_sha256: Option<String>,
}

impl File {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        Self::parse(&text).map_err(|message| ConfigError::Invalid { path: path.to_owned(), message })
    }

    /// Reads the text of a file. The error is one line.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let table: Table = toml::from_str(text).map_err(|error| one_line(&error, text))?;
        check_names(&table)?;
        toml::from_str(text).map_err(|error| one_line(&error, text))
    }
}

/// Rejects unknown settings and suggests the nearest known one.
fn check_names(file: &Table) -> Result<(), String> {
    unknown_settings::reject::<File>(file, "")?;
    let Some(hosts) = file.get("hosts").and_then(toml::Value::as_table) else {
        return Ok(());
    };
    for (name, host) in hosts {
        let Some(host) = host.as_table() else { continue };
        unknown_settings::reject::<Host>(host, &format!("[hosts.\"{name}\"]"))?;
        if let Some(xmpp) = host.get("xmpp").and_then(toml::Value::as_table) {
            unknown_settings::reject::<Xmpp>(xmpp, &format!("[hosts.\"{name}\".xmpp]"))?;
        }
        let apps = host.get("apps").and_then(toml::Value::as_array);
        for app in apps.into_iter().flatten().filter_map(toml::Value::as_table) {
            unknown_settings::reject::<App>(app, &format!("[[hosts.\"{name}\".apps]]"))?;
        }
    }
    Ok(())
}

fn one_line(error: &toml::de::Error, text: &str) -> String {
    let message = error.message().replace('\n', " ");
    match error.span() {
        Some(span) => {
            let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
            format!("line {line}: {message}")
        }
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_setting_of_the_guide_is_known() {
        let text = r##"
            listen = "127.0.0.1:8280"
            public_url = "https://example.com"
            database = "sqlite:/var/lib/vestibule/vestibule.db"
            max_connections = 4096
            max_connections_per_address = 512
            idle_timeout = "15s"
            head_timeout = "10s"
            body_timeout = "10s"
            request_timeout = "60s"
            answer_timeout = "30s"
            min_bytes_per_second = 1024
            trusted_proxies = ["127.0.0.1"]
            client_address = "x-forwarded-for"
            guess_rate = "100/min"
            metrics_from = ["127.0.0.1"]
            trace_context_from = ["127.0.0.1"]
            otlp_endpoint = "http://127.0.0.1:4318"
            templates_dir = ""
            [hosts."example.com"]
            site_name = "Example Chat"
            default_language = "de"
            invite_expiry = "1w"
            reserved_usernames = ["admin"]
            landing_url = ""
            public_url = "https://chat.example.com"
            webchat_url = ""
            imprint_url = ""
            privacy_url = ""
            accent = "#1f5f8b"
            logo_file = ""
            css_file = ""
            apps_show = []
            apps_hide = []
            [[hosts."example.com".apps]]
            name = "Our App"
            id = "ours"
            about = "Our own app."
            devices = ["android"]
            takes_invites = true
            url = "https://example.com/app"
            google_play = ""
            f_droid = ""
            app_store = ""
            flathub = ""
            [hosts."example.com".xmpp]
            c2s = "127.0.0.1:5222"
            tls = "starttls"
            ca_file = ""
            cert_sha256 = ""
        "##;
        let file = File::parse(text).unwrap();
        assert_eq!(file.hosts["example.com"].site_name.as_deref(), Some("Example Chat"));
    }

    #[test]
    fn an_unknown_setting_is_rejected_with_a_suggestion() {
        let table = [
            ("listn = \"x\"", "unknown setting \"listn\"; did you mean \"listen\"?"),
            (
                "[hosts.\"a.example\"]\nsitename = \"x\"",
                "unknown setting \"sitename\" in [hosts.\"a.example\"]; did you mean \"site_name\"?",
            ),
            (
                "[hosts.\"a.example\".xmpp]\nTLS = \"x\"",
                "unknown setting \"TLS\" in [hosts.\"a.example\".xmpp]; did you mean \"tls\"?",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(File::parse(text).unwrap_err(), expected);
        }
        assert!(File::parse("zzzzzzzzzz = 1").unwrap_err().contains("known ones are"));
    }

    #[test]
    fn a_wrong_type_is_reported_with_its_line() {
        assert!(File::parse("\nlisten = 5").unwrap_err().starts_with("line 2: "));
        assert!(File::parse("listen = ").unwrap_err().starts_with("line 1: "));
        assert!(File::parse("hosts = 3").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_reason_of_one_line(text in "[a-z\\[\\]\"=.\n ]{0,60}") {
            if let Err(reason) = File::parse(&text) {
                prop_assert!(!reason.is_empty() && !reason.contains('\n'), "{reason:?}");
            }
        }
    }
}
