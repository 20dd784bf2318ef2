//! Checks of an XMPP server that does not ask this service: the rights with which its accounts are administered.

use vestibule_core::{AccountsError, Host};
use vestibule_xmpp::{AdminCommands, ApiCredentials, EjabberdApi};

use super::report::Report;
use crate::{
    config::{self, AccountsSettings, HostSettings},
    system::SystemRandomness,
};

const CHECK: &str = "accounts";

/// The commands of the API that registrations need.
const RIGHTS: &str =
    "register, check_account, check_password, change_password, add_rosteritem, srg_user_add, status";

/// Checks the way in which accounts of a host are created, unless the XMPP server asks this service.
pub(super) async fn check(settings: &HostSettings, report: &mut Report) {
    let host = &settings.host;
    match &settings.accounts {
        AccountsSettings::InBand => {}
        AccountsSettings::None => report.ok(
            CHECK,
            "none: pages open invites in apps and have no forms; whoever creates the accounts redeems invites by \
             the API",
        ),
        AccountsSettings::EjabberdApi { url, credentials, trust } => {
            let api = config::ejabberd_api(url, credentials, trust);
            check_api(&api, url.as_str(), credentials, host, report).await;
        }
        AccountsSettings::AdminCommands { admin, password } => {
            let commands = config::admin_commands(settings.route.as_ref(), host, admin, password);
            check_commands(&commands, host, report).await;
        }
    }
}

async fn check_api(
    api: &EjabberdApi,
    url: &str,
    credentials: &ApiCredentials,
    host: &Host,
    report: &mut Report,
) {
    let survey = match api.survey(host, &SystemRandomness::default()).await {
        Ok(survey) => survey,
        Err(error) => {
            let remedy = match &error {
                AccountsError::NotPermitted(_) => format!(
                    "correct api_user and api_password_file, or api_token_file, in [hosts.\"{host}\".xmpp]"
                ),
                AccountsError::Unsupported(_) => format!(
                    "add /api: mod_http_api to request_handlers of ejabberd_http, and let api_url in \
                     [hosts.\"{host}\".xmpp] end with its path"
                ),
                _ => format!("start ejabberd, or correct api_url in [hosts.\"{host}\".xmpp]"),
            };
            return report.fail(CHECK, format!("{error} (at {url})"), remedy);
        }
    };
    if let Some((_, first)) = survey.missing.first() {
        let commands: Vec<_> = survey.missing.iter().map(|(command, _)| *command).collect();
        let remedy = if matches!(first, AccountsError::Unsupported(_)) {
            "load mod_admin_extra in ejabberd".to_owned()
        } else {
            how_to_permit(credentials)
        };
        let what = format!("the API at {url} does not let this service use {}", commands.join(", "));
        return report.fail(CHECK, what, remedy);
    }
    let version = survey.version.map_or_else(
        || "ejabberd, whose version it may not ask (the command status)".to_owned(),
        |version| format!("ejabberd {version}"),
    );
    report.ok(CHECK, format!("ejabberd-api: the API at {url} creates accounts of {host}; it is {version}"));
    if survey.has_more_rights {
        let remedy = format!("limit it in api_permissions of ejabberd to what: [{RIGHTS}]");
        report.warn(CHECK, "the API lets this service use more commands than it needs", remedy);
    }
}

fn how_to_permit(credentials: &ApiCredentials) -> String {
    let rule = match credentials {
        ApiCredentials::Account { .. } => ", and by the access rule configure, which 26.07 checks too",
        ApiCredentials::Address | ApiCredentials::Token(_) => "",
    };
    format!("permit {} in api_permissions of ejabberd, what: [{RIGHTS}]{rule}", who(credentials))
}

/// The caller in `api_permissions`.
fn who(credentials: &ApiCredentials) -> String {
    match credentials {
        ApiCredentials::Address => "the address of this machine".to_owned(),
        ApiCredentials::Account { user, .. } => user.clone(),
        ApiCredentials::Token(_) => "the owner of the token".to_owned(),
    }
}

async fn check_commands(commands: &AdminCommands, host: &Host, report: &mut Report) {
    let admin = commands.address();
    let survey = match commands.survey().await {
        Ok(survey) => survey,
        Err(error) => {
            let remedy = match &error {
                AccountsError::NotPermitted(_) => {
                    format!("correct admin and admin_password_file in [hosts.\"{host}\".xmpp]")
                }
                _ => format!("start the XMPP server, or correct c2s in [hosts.\"{host}\".xmpp]"),
            };
            return report.fail(CHECK, error.to_string(), remedy);
        }
    };
    let software = survey.software.unwrap_or_else(|| "a server that does not tell its name".to_owned());
    if survey.missing.is_empty() {
        let what = format!("admin-commands: {admin} creates accounts of {host}; it is {software}");
        return report.ok(CHECK, what);
    }
    let what = format!("{software} does not offer {admin} the commands {}", survey.missing.join(", "));
    report.fail(
        CHECK,
        what,
        format!(
            "make {admin} an administrator (admins in Prosody, the access rule configure in ejabberd), and load the \
             module with these commands (mod_admin_adhoc, mod_configure)"
        ),
    );
}
