//! The configuration file.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Deserializer, de::Error};
use toml::{Table, Value, de::DeTable};

use super::{ConfigError, DatabaseUrl, typed_table};

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
    pub(super) keep_members: Option<String>,
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
    pub(super) promises: Vec<String>,
    pub(super) operator: Option<String>,
    pub(super) app_store_banner: bool,
    pub(super) apps_show: Vec<String>,
    pub(super) apps_hide: Vec<String>,
    pub(super) apps: Vec<App>,
    pub(super) xmpp: Option<Xmpp>,
    pub(super) limits: Option<InviterLimits>,
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
    pub(super) icon_file: Option<String>,
}

/// `[hosts."example.com".xmpp]`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Xmpp {
    pub(super) c2s: Option<String>,
    pub(super) tls: Option<String>,
    pub(super) ca_file: Option<String>,
    pub(super) cert_sha256: Option<String>,
    pub(super) accounts: Option<String>,
    pub(super) api_url: Option<String>,
    pub(super) api_user: Option<String>,
    pub(super) api_password_file: Option<String>,
    pub(super) api_token_file: Option<String>,
    pub(super) admin: Option<String>,
    pub(super) admin_password_file: Option<String>,
}

/// `[hosts."example.com".limits]`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InviterLimits {
    pub(super) live: Option<Limit>,
    pub(super) per_month: Option<Limit>,
    pub(super) max_uses: Option<Limit>,
    pub(super) max_life: Option<String>,
    pub(super) members: BTreeMap<String, LimitException>,
    pub(super) roles: BTreeMap<String, LimitException>,
}

/// `[hosts."example.com".limits.members."ann"]` and `[hosts."example.com".limits.roles."member"]`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LimitException {
    pub(super) live: Option<Limit>,
    pub(super) per_month: Option<Limit>,
    pub(super) max_uses: Option<Limit>,
    pub(super) max_life: Option<String>,
}

/// The value of a limit that does not limit.
pub(super) const UNLIMITED: &str = "unlimited";

/// A number, or `"unlimited"`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit(pub(super) Option<u32>);

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::String(text) if text == UNLIMITED => return Ok(Self(None)),
            Value::Integer(number) => u32::try_from(number).ok(),
            _ => None,
        };
        let wrong = || D::Error::custom(format!("expected a whole number or \"{UNLIMITED}\""));
        number.map(|number| Self(Some(number))).ok_or_else(wrong)
    }
}

impl File {
    /// Reads a file. Settings that are unknown or have a wrong type are left out, and are the second value.
    pub(super) fn read(path: &Path) -> Result<(Self, Vec<ConfigError>), ConfigError> {
        let text = fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        let invalid = |message: String| ConfigError::Invalid { path: path.to_owned(), message };
        let (file, faults) = Self::parse(&text).map_err(invalid)?;
        Ok((file, faults.into_iter().map(invalid).collect()))
    }

    /// Reads the text of a file, like [`File::read`]. Each fault is one line; text that is not TOML is an error.
    pub(super) fn parse(text: &str) -> Result<(Self, Vec<String>), String> {
        let positions = DeTable::parse(text).map_err(|error| one_line(&error, text))?;
        let mut table: Table = toml::from_str(text).map_err(|error| one_line(&error, text))?;
        let faults = typed_table::check(&mut table, positions.get_ref(), text);
        let file = table.try_into().map_err(|error| one_line(&error, text))?;
        Ok((file, faults))
    }
}

fn one_line(error: &toml::de::Error, text: &str) -> String {
    let message = error.message().replace('\n', " ");
    if let (Some(span), "duplicate key") = (error.span(), message.as_str()) {
        let number = typed_table::line_of(text, span.start);
        let line = text.lines().nth(number - 1).unwrap_or_default().trim();
        let what = if line.starts_with('[') { "section" } else { "setting" };
        return format!("line {number}: this {what} stands twice; keep one of them: {line}");
    }
    match error.span() {
        Some(span) => format!("line {}: {message}", typed_table::line_of(text, span.start)),
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
            icon_file = ""
            [hosts."example.com".xmpp]
            c2s = "127.0.0.1:5222"
            tls = "starttls"
            ca_file = ""
            cert_sha256 = ""
            accounts = "in-band"
            api_url = ""
            api_user = ""
            api_password_file = ""
            api_token_file = ""
            admin = ""
            admin_password_file = ""
            [hosts."example.com".limits]
            live = 5
            per_month = 10
            max_uses = 1
            max_life = "7d"
            [hosts."example.com".limits.members."ann"]
            live = "unlimited"
            [hosts."example.com".limits.roles."prosody:admin"]
            live = "unlimited"
        "##;
        let (file, faults) = File::parse(text).unwrap();
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(file.hosts["example.com"].site_name.as_deref(), Some("Example Chat"));
    }

    fn faults(text: &str) -> Vec<String> {
        File::parse(text).unwrap().1
    }

    #[test]
    fn an_unknown_setting_is_rejected_with_a_suggestion() {
        let table = [
            ("listn = \"x\"", "line 1: unknown setting \"listn\"; did you mean \"listen\"?"),
            (
                "[hosts.\"a.example\"]\nsitename = \"x\"",
                "line 2: unknown setting \"sitename\" in [hosts.\"a.example\"]; did you mean \"site_name\"?",
            ),
            (
                "[hosts.\"a.example\".xmpp]\nTLS = \"x\"",
                "line 2: unknown setting \"TLS\" in [hosts.\"a.example\".xmpp]; did you mean \"tls\"?",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(faults(text), [expected]);
        }
        assert!(faults("zzzzzzzzzz = 1")[0].contains("known ones are"));
    }

    #[test]
    fn a_setting_in_a_wrong_place_is_reported_with_the_right_one() {
        for (text, expected) in [
            (
                "[hosts.\"a.example\"]\nlisten = \"127.0.0.1:1\"",
                "line 2: \"listen\" is a setting of the whole service, not of [hosts.\"a.example\"]: put it above the \
                 first [section]",
            ),
            (
                "[hosts.chat.a.example]\nsite_name = \"A\"",
                "line 1: [hosts.chat.a.example]: put the domain in quotes: [hosts.\"chat.a.example\"]",
            ),
            (
                "[hosts.a.example.xmpp]\ntls = \"direct\"",
                "line 1: [hosts.a.example]: put the domain in quotes: [hosts.\"a.example\"]",
            ),
        ] {
            assert_eq!(faults(text), [expected]);
        }
        assert!(faults("[hosts.\"a.example\".xmp]\ntls = \"direct\"")[0].contains("did you mean \"xmpp\"?"));
        assert!(faults("[hosts.a]\nsite_name = \"A\"\n[hosts.a.xmpp]\ntls = \"direct\"").is_empty());
    }

    #[test]
    fn a_repeated_section_or_setting_is_named() {
        let section = "[hosts.\"a.example\"]\n[hosts.\"b.example\"]\n[hosts.\"a.example\"]\n";
        for (text, expected) in [
            (section, "line 3: this section stands twice; keep one of them: [hosts.\"a.example\"]"),
            (
                "log = \"info\"\nlog = \"warn\"",
                "line 2: this setting stands twice; keep one of them: log = \"warn\"",
            ),
        ] {
            assert_eq!(File::parse(text).unwrap_err(), expected);
        }
    }

    #[test]
    fn a_wrong_type_is_reported_with_its_line() {
        assert!(faults("\nlisten = 5")[0].starts_with("line 2: listen: "));
        assert!(File::parse("listen = ").unwrap_err().starts_with("line 1: "));
        assert_eq!(faults("hosts = 3").len(), 1);
        assert!(faults("hosts.\"a.example\" = 3")[0].starts_with("line 1: [hosts.\"a.example\"]: expected"));
    }

    #[test]
    fn every_fault_is_reported_and_everything_else_is_read() {
        let text = "listn = \"x\"\nlog = 7\npublic_url = \"https://a.example\"\n[hosts.\"a.example\"]\nsite_name = 1\n\
                    accent = \"#123456\"\n[hosts.\"a.example\".xmpp]\nTLS = \"x\"\nc2s = 5\n\
                    [[hosts.\"a.example\".apps]]\nname = \"App\"\nurl = 1\ncolour = \"red\"\n";
        let (file, faults) = File::parse(text).unwrap();
        let lines: Vec<_> = faults.iter().map(|fault| fault.split(':').next().unwrap()).collect();
        let expected = ["line 1", "line 2", "line 5", "line 8", "line 9", "line 12", "line 13"];
        assert_eq!(lines, expected, "{faults:?}");
        assert_eq!(file.public_url.as_deref(), Some("https://a.example"));
        let host = &file.hosts["a.example"];
        assert_eq!((host.accent.as_deref(), host.apps[0].name.as_str()), (Some("#123456"), "App"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_reason_of_one_line(text in "[a-z\\[\\]\"=.\n ]{0,60}") {
            let reasons = match File::parse(&text) {
                Ok((_, faults)) => faults,
                Err(reason) => vec![reason],
            };
            for reason in reasons {
                prop_assert!(!reason.is_empty() && !reason.contains('\n'), "{reason:?}");
            }
        }
    }
}
