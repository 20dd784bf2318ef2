//! Settings of Prosody that Vestibule has too.

use std::fmt::Write;

use serde_json::Value;
use vestibule_core::Host;

/// Settings of Prosody's invite modules, from an export.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProsodySettings {
    /// `site_name`.
    pub site_name: Option<String>,
    /// `webchat_url`.
    pub webchat_url: Option<String>,
    /// `site_apps_show`.
    pub apps_show: Vec<String>,
    /// `site_apps_hide`.
    pub apps_hide: Vec<String>,
    /// `invite_expiry`, in seconds.
    pub invite_expiry: Option<u64>,
    /// `invites_page`: the template of landing pages.
    pub invites_page: Option<String>,
}

impl ProsodySettings {
    /// Reads the object of an export. Settings of an unexpected type are left out.
    pub(crate) fn read(settings: &Value) -> Self {
        let text = |name: &str| settings.get(name).and_then(Value::as_str).map(str::to_owned);
        let list = |name: &str| {
            let items = settings.get(name).and_then(Value::as_array);
            items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let seconds = settings.get("invite_expiry").and_then(Value::as_f64).filter(|seconds| *seconds >= 1.0);
        Self {
            site_name: text("site_name"),
            webchat_url: text("webchat_url"),
            apps_show: list("site_apps_show"),
            apps_hide: list("site_apps_hide"),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "positive; fractions do not matter"
            )]
            invite_expiry: seconds.map(|seconds| seconds as u64),
            invites_page: text("invites_page"),
        }
    }

    /// The section of Vestibule's configuration file that replaces these settings; empty without any. A setting for
    /// which `check` returns an error, given a section with it alone, is left out, and described in the second value.
    pub fn to_toml(&self, host: &Host, check: impl Fn(&str) -> Result<(), String>) -> (String, Vec<String>) {
        let section = format!("[hosts.{}]\n", Value::from(host.as_str()));
        let (mut lines, mut refused) = (String::new(), Vec::new());
        // Strings of JSON are strings of TOML. Writing to a String cannot fail.
        let mut line = |name: &str, value: Value| match check(&format!("{section}{name} = {value}\n")) {
            Ok(()) => {
                let _ = writeln!(lines, "{name} = {value}");
            }
            Err(reason) => refused.push(format!("{name} = {value} is left out: {reason}")),
        };
        if let Some(name) = &self.site_name {
            line("site_name", name.as_str().into());
        }
        if let Some(seconds) = self.invite_expiry {
            line("invite_expiry", format!("{seconds}s").into());
        }
        if let Some(url) = &self.webchat_url {
            line("webchat_url", url.as_str().into());
        }
        if !self.apps_show.is_empty() {
            line("apps_show", app_ids(&self.apps_show).into());
        }
        if !self.apps_hide.is_empty() {
            line("apps_hide", app_ids(&self.apps_hide).into());
        }
        let toml = if lines.is_empty() { lines } else { section + &lines };
        (toml, refused)
    }
}

/// The ids of apps: `mod_register_apps` compares names such as `Conversations`, Vestibule ids such as `conversations`.
fn app_ids(names: &[String]) -> Vec<String> {
    let id = |name: &String| {
        let words =
            name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
    };
    names.iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_section_that_replaces_them_is_written() {
        let settings = ProsodySettings::read(&json!({
            "site_name": "Our \"Chat\"", "invite_expiry": 604_800.0, "webchat_url": "https://a.example/chat/",
            "site_apps_show": ["Conversations", "Siskin IM"], "site_apps_hide": {}, "invites_page": 7,
        }));
        let host = Host::parse("a.example").unwrap();
        let (toml, refused) = settings.to_toml(&host, |_| Ok(()));
        assert!(refused.is_empty());
        assert_eq!(
            toml,
            "[hosts.\"a.example\"]\nsite_name = \"Our \\\"Chat\\\"\"\ninvite_expiry = \"604800s\"\n\
             webchat_url = \"https://a.example/chat/\"\napps_show = [\"conversations\",\"siskin-im\"]\n"
        );
        assert_eq!(ProsodySettings::default().to_toml(&host, |_| Ok(())).0, "");
        let check = |text: &str| if text.contains("expiry") { Err("too long".to_owned()) } else { Ok(()) };
        let (toml, refused) = settings.to_toml(&host, check);
        assert!(toml.contains("site_name") && !toml.contains("expiry"), "{toml}");
        assert_eq!(refused, ["invite_expiry = \"604800s\" is left out: too long"]);
    }
}
