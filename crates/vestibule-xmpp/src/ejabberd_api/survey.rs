//! Inspection of the rights that an API gives to this service.

use vestibule_core::{AccountsError, Host, Randomness};

use super::{EjabberdApi, VERSION};
use crate::{probe_name::unused_username, sanitize::sanitize};

/// A username that cannot exist, since it contains a space.
const IMPOSSIBLE: &str = "vestibule doctor";

/// A command that this service never uses. It is harmless, and belongs to the administrator's rights.
const UNUSED: &str = "connected_users_number";

/// What this service can do with the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiSurvey {
    /// The version of ejabberd, if it may be asked (the command `status`).
    pub version: Option<String>,
    /// Needed commands that it may not use, or that are missing, with the reason.
    pub missing: Vec<(&'static str, AccountsError)>,
    /// Whether it may use commands that it does not need.
    pub has_more_rights: bool,
}

impl EjabberdApi {
    /// Uses the needed commands with arguments that change nothing. The error is one of the connection or the
    /// credentials.
    ///
    /// Rights for groups are not inspected: ejabberd takes every argument of `srg_user_add`.
    pub async fn survey(&self, host: &Host, randomness: &dyn Randomness) -> Result<ApiSurvey, AccountsError> {
        let (host, mut missing) = (host.as_str(), Vec::new());
        let unused = unused_username(randomness)?;
        let nobody = unused.as_str();
        let item = [
            ("localuser", IMPOSSIBLE),
            ("localhost", host),
            ("user", nobody),
            ("host", host),
            ("nick", ""),
            ("group", ""),
            ("subs", "both"),
        ];
        let calls: [(&'static str, &[(&str, &str)]); 5] = [
            ("check_account", &[("user", nobody), ("host", host)]),
            ("register", &[("user", IMPOSSIBLE), ("host", host), ("password", nobody)]),
            ("check_password", &[("user", nobody), ("host", host), ("password", nobody)]),
            ("change_password", &[("user", nobody), ("host", host), ("newpass", nobody)]),
            ("add_rosteritem", &item),
        ];
        for (command, arguments) in calls {
            let answer = self.client.ask(command, VERSION, arguments).await?;
            let is_about_all = answer.concerns_all_commands();
            match answer.accepted(command) {
                Err(error) if is_about_all => return Err(error),
                Err(error @ (AccountsError::NotPermitted(_) | AccountsError::Unsupported(_))) => {
                    missing.push((command, error));
                }
                Ok(_) | Err(_) => {}
            }
        }
        let version = self.client.call("status", VERSION, &[]).await;
        let has_more_rights = self.client.call(UNUSED, VERSION, &[]).await.is_ok();
        Ok(ApiSurvey {
            version: version.ok().and_then(|answer| version_in(answer.text())),
            missing,
            has_more_rights,
        })
    }
}

/// The version in the answer of `status`: `... ejabberd 26.07 is running in that node`.
fn version_in(text: &str) -> Option<String> {
    let (_, rest) = text.rsplit_once("ejabberd ")?;
    rest.split_whitespace().next().map(sanitize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read() {
        let old =
            "The node nonode@nohost is started. Status: startedejabberd 23.01-1 is running in that node";
        let new =
            "The node nonode@nohost is started. Status: started\nejabberd 26.07 is running in that node";
        assert_eq!(version_in(old).as_deref(), Some("23.01-1"));
        assert_eq!(version_in(new).as_deref(), Some("26.07"));
        assert_eq!(version_in(""), None);
    }
}
