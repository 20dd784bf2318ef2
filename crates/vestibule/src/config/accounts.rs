//! How the accounts of a host are created: `accounts` in `[hosts."NAME".xmpp]`, and the settings that belong to it.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use vestibule_core::{Host, Password, Username};
use vestibule_xmpp::{AdminCommands, ApiCredentials, ApiUrl, EjabberdApi, Route, TrustAnchors};

use super::{ConfigError, file::Xmpp, secret_file};
use crate::system::SystemRandomness;

/// How accounts are created in the browser.
#[derive(Clone, Debug, Default)]
pub(crate) enum AccountsSettings {
    /// In-band, on a server that checks tokens with this service.
    #[default]
    InBand,
    /// By the HTTP API of ejabberd.
    EjabberdApi { url: ApiUrl, credentials: ApiCredentials, trust: TrustAnchors },
    /// By ad-hoc commands of an administrator.
    AdminCommands { admin: Username, password: Arc<Password> },
    /// Not at all.
    None,
}

impl AccountsSettings {
    /// The value of `accounts`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::InBand => "in-band",
            Self::EjabberdApi { .. } => "ejabberd-api",
            Self::AdminCommands { .. } => "admin-commands",
            Self::None => "none",
        }
    }

    /// Whether the XMPP server checks tokens with this service, or somebody else does.
    pub(crate) fn lets_apps_redeem(&self) -> bool {
        matches!(self, Self::InBand | Self::None)
    }
}

/// The client of the API.
pub(crate) fn ejabberd_api(url: &ApiUrl, credentials: &ApiCredentials, trust: &TrustAnchors) -> EjabberdApi {
    EjabberdApi::new(url, credentials, trust.clone())
}

/// The client of the administrator.
pub(crate) fn admin_commands(
    route: Option<&Route>,
    host: &Host,
    admin: &Username,
    password: &Arc<Password>,
) -> AdminCommands {
    let route = route.cloned().unwrap_or_default();
    let randomness = Arc::new(SystemRandomness::default());
    AdminCommands::new(route, host.clone(), admin.clone(), Arc::clone(password), randomness)
}

/// Reads `accounts` and its settings. `trust` verifies the certificate of the API too.
pub(super) fn read(name: &str, given: &Xmpp, trust: &TrustAnchors) -> Result<AccountsSettings, ConfigError> {
    let place = |setting: &str| format!("[hosts.\"{name}\".xmpp] {setting}");
    let wrong = |setting: &str, message: String| ConfigError::value(place(setting), message);
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let of_mode = [
        ("api_url", &given.api_url, "ejabberd-api"),
        ("api_user", &given.api_user, "ejabberd-api"),
        ("api_password_file", &given.api_password_file, "ejabberd-api"),
        ("api_token_file", &given.api_token_file, "ejabberd-api"),
        ("admin", &given.admin, "admin-commands"),
        ("admin_password_file", &given.admin_password_file, "admin-commands"),
    ];
    let mode = filled(&given.accounts).unwrap_or_else(|| "in-band".to_owned());
    if let Some((setting, _, wanted)) =
        of_mode.iter().find(|(_, value, wanted)| filled(value).is_some() && *wanted != mode)
    {
        return Err(wrong(setting, format!("it belongs to accounts = {wanted:?}")));
    }
    let needed = |setting: &str, value: &Option<String>| {
        filled(value).ok_or_else(|| wrong(setting, format!("accounts = {mode:?} needs it")))
    };
    match mode.as_str() {
        "in-band" => Ok(AccountsSettings::InBand),
        "none" => Ok(AccountsSettings::None),
        "ejabberd-api" => {
            let url = needed("api_url", &given.api_url)?;
            let url = ApiUrl::parse(&url).map_err(|error| ConfigError::value(place("api_url"), error))?;
            let credentials = credentials(given, &place)?;
            Ok(AccountsSettings::EjabberdApi { url, credentials, trust: trust.clone() })
        }
        "admin-commands" => {
            let admin = administrator(name, &needed("admin", &given.admin)?)
                .map_err(|message| wrong("admin", message))?;
            let file = needed("admin_password_file", &given.admin_password_file)?;
            let password = secret_file::read(&place("admin_password_file"), file.as_ref())?;
            let password = Password::parse(password.expose_secret())
                .map_err(|error| ConfigError::value(place("admin_password_file"), error))?;
            Ok(AccountsSettings::AdminCommands { admin, password: Arc::new(password) })
        }
        _ => {
            let expected = "expected \"in-band\", \"ejabberd-api\", \"admin-commands\", or \"none\"";
            Err(wrong("accounts", expected.to_owned()))
        }
    }
}

/// The account of the administrator, which belongs to the host.
fn administrator(host: &str, address: &str) -> Result<Username, String> {
    let expected = || format!("expected the address of an administrator on this host, such as admin@{host}");
    let host = Host::parse(host).map_err(|_| expected())?;
    if !address.contains('@') {
        return Err(expected());
    }
    Username::parse_at(address, &host).map_err(|_| expected())
}

fn credentials(given: &Xmpp, place: &dyn Fn(&str) -> String) -> Result<ApiCredentials, ConfigError> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let secret = |setting: &str, file: &str| secret_file::read(&place(setting), file.as_ref());
    let given = (filled(&given.api_user), filled(&given.api_password_file), filled(&given.api_token_file));
    match given {
        (None, None, None) => Ok(ApiCredentials::Address),
        (None, None, Some(file)) => {
            Ok(ApiCredentials::Token(printable(&place("api_token_file"), secret("api_token_file", &file)?)?))
        }
        (Some(user), Some(file), None) if user.contains('@') && !user.contains([':', '\n', '\r']) => {
            Ok(ApiCredentials::Account { user, password: secret("api_password_file", &file)? })
        }
        (Some(_), Some(_), None) => {
            let message = "expected the address of an account, such as vestibule@example.com";
            Err(ConfigError::value(place("api_user"), message))
        }
        (_, _, Some(_)) => {
            let message = "use either api_token_file, or api_user with api_password_file";
            Err(ConfigError::value(place("api_token_file"), message))
        }
        (Some(_), None, None) => Err(ConfigError::value(place("api_password_file"), "api_user needs it")),
        (None, Some(_), None) => Err(ConfigError::value(place("api_user"), "api_password_file needs it")),
    }
}

/// A token that a header can carry.
fn printable(setting: &str, token: SecretString) -> Result<SecretString, ConfigError> {
    let is_printable = token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic());
    if is_printable { Ok(token) } else { Err(ConfigError::value(setting, "the file contains no token")) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::file::File;

    fn read_text(settings: &str) -> Result<AccountsSettings, String> {
        let mut file = File::parse(&format!("[hosts.\"a.example\".xmpp]\n{settings}")).unwrap().0;
        let given = file.hosts.remove("a.example").and_then(|host| host.xmpp).unwrap();
        read("a.example", &given, &TrustAnchors::system_roots()).map_err(|error| error.to_string())
    }

    #[test]
    fn each_way_is_read_with_its_settings() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("secret");
        fs::write(&file, "lamp-orchid-47\n").unwrap();
        let file = file.display();
        for (settings, name) in [
            (String::new(), "in-band"),
            ("accounts = \"\"\napi_url = \"\"".to_owned(), "in-band"),
            ("accounts = \"in-band\"".to_owned(), "in-band"),
            ("accounts = \"none\"".to_owned(), "none"),
            (
                "accounts = \"ejabberd-api\"\napi_url = \"http://127.0.0.1:5280/api\"".to_owned(),
                "ejabberd-api",
            ),
            (
                format!(
                    "accounts = \"ejabberd-api\"\napi_url = \"https://a.example/api\"\napi_user = \"v@a.example\"\n\
                     api_password_file = \"{file}\""
                ),
                "ejabberd-api",
            ),
            (
                format!(
                    "accounts = \"ejabberd-api\"\napi_url = \"https://a.example/api\"\napi_token_file = \"{file}\""
                ),
                "ejabberd-api",
            ),
            (
                format!(
                    "accounts = \"admin-commands\"\nadmin = \"Admin@a.example\"\nadmin_password_file = \"{file}\""
                ),
                "admin-commands",
            ),
        ] {
            let read = read_text(&settings).unwrap();
            assert_eq!(read.name(), name, "{settings}");
            assert!(!format!("{read:?}").contains("orchid"), "{read:?}");
        }
    }

    #[test]
    fn each_error_names_its_setting() {
        let api = "accounts = \"ejabberd-api\"\napi_url = \"http://127.0.0.1:5280/api\"\n";
        let admin = "accounts = \"admin-commands\"\n";
        for (settings, setting, message) in [
            ("accounts = \"ejabberd\"".to_owned(), "accounts", "expected \"in-band\""),
            ("accounts = \"ejabberd-api\"".to_owned(), "api_url", "needs it"),
            ("accounts = \"ejabberd-api\"\napi_url = \"127.0.0.1\"".to_owned(), "api_url", "mod_http_api"),
            (
                "accounts = \"ejabberd-api\"\napi_url = \"http://a.example/api\"".to_owned(),
                "api_url",
                "use https://",
            ),
            (
                "api_url = \"http://127.0.0.1/api\"".to_owned(),
                "api_url",
                "belongs to accounts = \"ejabberd-api\"",
            ),
            (
                "accounts = \"none\"\nadmin = \"x\"".to_owned(),
                "admin",
                "belongs to accounts = \"admin-commands\"",
            ),
            (format!("{api}api_user = \"v@a.example\""), "api_password_file", "api_user needs it"),
            (format!("{api}api_password_file = \"x\""), "api_user", "needs it"),
            (format!("{api}api_token_file = \"x\"\napi_user = \"v@a.example\""), "api_token_file", "either"),
            (format!("{api}api_token_file = \"/nowhere\""), "api_token_file", "/nowhere"),
            (admin.to_owned(), "admin", "needs it"),
            (format!("{admin}admin = \"admin\""), "admin", "admin@a.example"),
            (format!("{admin}admin = \"admin@b.example\""), "admin", "on this host"),
            (format!("{admin}admin = \"admin@a.example\""), "admin_password_file", "needs it"),
        ] {
            let error = read_text(&settings).unwrap_err();
            let begin = format!("[hosts.\"a.example\".xmpp] {setting}: ");
            assert!(error.starts_with(&begin) && error.contains(message), "{settings}: {error}");
        }
    }
}
