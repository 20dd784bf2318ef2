//! Answers of the API.

use serde_json::Value;
use vestibule_core::AccountsError;

use crate::sanitize::sanitize;

/// An answer of any status.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// `Null` if it is not JSON.
    pub(super) body: Value,
}

/// The numbers of errors in `mod_http_api` and `ejabberd_admin`.
const EXISTS: u64 = 10_090;
const CANNOT_REGISTER: u64 = 10_001;
const NO_ENDPOINT: u64 = 40;
const NO_COMMAND: u64 = 44;

impl Answer {
    /// Whether the server takes no version in the path, as ejabberd does up to some version after 23.01.
    pub(super) fn rejects_version(&self) -> bool {
        self.status == 400 && self.code() == Some(NO_ENDPOINT) && self.text() == "Missing command name."
    }

    /// Whether the credentials are wrong, or it is not the answer of an API.
    pub(super) fn concerns_all_commands(&self) -> bool {
        self.status == 401 || (self.status != 200 && self.code().is_none() && !self.body.is_string())
    }

    /// Whether the arguments are those of another version.
    pub(super) fn rejects_arguments(&self) -> bool {
        self.status == 400 && self.text().contains("argument")
    }

    /// The answer if the command was carried out.
    pub(super) fn accepted(self, command: &str) -> Result<Self, AccountsError> {
        let text = sanitize(self.text());
        match (self.status, self.code()) {
            (200, _) => Ok(self),
            (401, _) => Err(AccountsError::NotPermitted(format!("401: {}", or(&text, "wrong credentials")))),
            (403, _) => {
                Err(AccountsError::NotPermitted(format!("it may not use the command {command} (403)")))
            }
            (404, Some(NO_ENDPOINT | NO_COMMAND)) => {
                Err(AccountsError::Unsupported(format!("it has no command {command} (404)")))
            }
            // The command itself has found nothing.
            (404, None) if self.body.is_string() => Err(AccountsError::NotFound),
            (404, _) => Err(AccountsError::Unsupported("there is no API at api_url (404)".to_owned())),
            (409, Some(EXISTS)) => Err(AccountsError::Exists),
            (500, Some(CANNOT_REGISTER)) => Err(cannot_register(&text)),
            (400, _) => Err(AccountsError::Refused(or(&text, "bad request"))),
            (429 | 503, _) => Err(AccountsError::Unavailable(format!("status {}", self.status))),
            // It may have failed half-way, or behind a proxy.
            (500.., _) => Err(AccountsError::Unknown(format!("status {}", self.status))),
            (status, _) => Err(AccountsError::Unsupported(format!("there is no API at api_url ({status})"))),
        }
    }

    /// The answer of `register`, which is a text. Another one comes from something else, such as a proxy.
    pub(super) fn registered(&self) -> Result<(), AccountsError> {
        if self.body.is_string() {
            return Ok(());
        }
        Err(AccountsError::Unknown("the answer is not one of ejabberd".to_owned()))
    }

    /// A result code as truth.
    pub(super) fn is_true(&self) -> Result<bool, AccountsError> {
        match self.body.as_u64() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(AccountsError::Unsupported("the answer is not one of ejabberd".to_owned())),
        }
    }

    /// A result code of a change.
    pub(super) fn done(&self) -> Result<(), AccountsError> {
        if self.is_true()? { Ok(()) } else { Err(AccountsError::Refused("it gives no reason".to_owned())) }
    }

    /// The text, or the message of an error.
    pub(super) fn text(&self) -> &str {
        self.body.as_str().or_else(|| self.body.get("message")?.as_str()).unwrap_or_default()
    }

    fn code(&self) -> Option<u64> {
        self.body.get("code")?.as_u64()
    }
}

fn or(text: &str, default: &str) -> String {
    if text.is_empty() { default.to_owned() } else { text.to_owned() }
}

/// Only the text tells the reason: `Can't register user a b@example.com at node ejabberd@localhost: Malformed username`.
fn cannot_register(text: &str) -> AccountsError {
    let reason = text.rsplit(": ").next().unwrap_or(text).to_owned();
    let lower = reason.to_lowercase();
    if lower.contains("virtual host") {
        AccountsError::NotPermitted(format!("{reason}: ejabberd does not serve it"))
    } else if lower.contains("password") {
        AccountsError::PasswordNotAllowed(reason)
    } else if lower.contains("username") || lower.contains("allowed") {
        AccountsError::UsernameNotAllowed(reason)
    } else {
        // Such as `Database failure`, after which the account may exist.
        AccountsError::Unknown(reason)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(status: u16, body: Value) -> Result<Value, AccountsError> {
        Answer { status, body }.accepted("register").map(|answer| answer.body)
    }

    /// The bodies are those of ejabberd 23.01 and 26.07.
    #[test]
    fn answers_are_told_apart() {
        assert_eq!(
            of(200, json!("User a@b successfully registered")).unwrap(),
            "User a@b successfully registered"
        );
        let error = |code: u64, message: &str| json!({ "status": "error", "code": code, "message": message });
        assert_eq!(of(409, error(10_090, "User a@b already registered")), Err(AccountsError::Exists));
        let refused = |reason: &str| {
            let text = format!("Can't register user a b@b at node n@h: {reason}");
            of(500, error(10_001, &text)).unwrap_err()
        };
        let text = |text: &str| text.to_owned();
        assert_eq!(
            refused("Malformed username"),
            AccountsError::UsernameNotAllowed(text("Malformed username"))
        );
        let password = "The password contains unacceptable characters";
        assert_eq!(refused(password), AccountsError::PasswordNotAllowed(text(password)));
        assert_eq!(refused("Database failure"), AccountsError::Unknown(text("Database failure")));
        let host = of(500, error(10_001, "Unknown virtual host")).unwrap_err();
        assert!(matches!(host, AccountsError::NotPermitted(_)));
        assert_eq!(of(404, json!("unknown_user")), Err(AccountsError::NotFound));
        for (status, body) in
            [(404, error(40, "Endpoint not found.")), (404, Value::Null), (301, Value::Null)]
        {
            assert!(matches!(of(status, body), Err(AccountsError::Unsupported(_))), "{status}");
        }
        for (status, body) in [(401, error(10, "You are not authorized.")), (403, error(32, "AccessRules"))] {
            assert!(matches!(of(status, body), Err(AccountsError::NotPermitted(_))), "{status}");
        }
        for status in [500, 502, 504] {
            assert!(
                matches!(of(status, json!("internal_error")), Err(AccountsError::Unknown(_))),
                "{status}"
            );
        }
        let rejects = |body| Answer { status: 400, body }.rejects_version();
        assert!(
            rejects(error(40, "Missing command name."))
                && !rejects(json!("Request have missing argument: user"))
        );
    }

    #[test]
    fn only_a_text_says_that_an_account_was_registered() {
        let registered = |body| Answer { status: 200, body }.registered();
        assert_eq!(registered(json!("User a@b successfully registered")), Ok(()));
        for body in [Value::Null, json!(0), json!({}), json!(["User a@b successfully registered"])] {
            assert!(matches!(registered(body), Err(AccountsError::Unknown(_))));
        }
    }

    #[test]
    fn result_codes_are_read() {
        let code = |body| Answer { status: 200, body }.is_true();
        assert_eq!((code(json!(0)), code(json!(1))), (Ok(true), Ok(false)));
        for body in [json!("0"), json!({}), Value::Null, json!(2)] {
            assert!(code(body).is_err());
        }
    }
}
