//! Meaning of the errors of XMPP servers.

use vestibule_core::RegistrarError;

use crate::reply::StanzaError;

/// An error in answer to the token (XEP-0445 section 3). Prosody returns `forbidden`, ejabberd `item-not-found`.
/// `encrypted` is whether the stream was encrypted.
pub(crate) fn of_token(error: &StanzaError, encrypted: bool) -> RegistrarError {
    if !encrypted && error.condition == "policy-violation" && error.kind != "wait" {
        return RegistrarError::EncryptionUnavailable;
    }
    if is_busy(error) {
        return RegistrarError::Busy;
    }
    if error.kind == "wait" {
        return RegistrarError::Unavailable(reason(error));
    }
    match error.condition.as_str() {
        "forbidden" | "item-not-found" | "gone" => RegistrarError::TokenRefused,
        "service-unavailable" | "feature-not-implemented" => {
            RegistrarError::Refused("it does not support invites (XEP-0445)".to_owned())
        }
        "internal-server-error" | "resource-constraint" => RegistrarError::Unavailable(reason(error)),
        _ => RegistrarError::Refused(reason(error)),
    }
}

/// An error in answer to username and password (XEP-0077 section 3.1).
///
/// The bridge answers as defined in `vestibule_registration.lib.lua`. ejabberd wraps its own error in
/// `internal-server-error`, with the real condition in the text.
pub(crate) fn of_registration(error: &StanzaError) -> RegistrarError {
    if error.condition == "internal-server-error"
        && let Some(inner) = wrapped(&error.text)
    {
        return inner;
    }
    if is_busy(error) {
        return RegistrarError::Busy;
    }
    if error.kind == "wait" {
        return RegistrarError::Unavailable(reason(error));
    }
    match error.condition.as_str() {
        "conflict" => RegistrarError::UsernameTaken,
        "forbidden" | "gone" => RegistrarError::TokenRefused,
        "jid-malformed" | "item-not-found" => RegistrarError::UsernameNotAllowed(reason(error)),
        "not-acceptable" | "policy-violation" | "not-allowed" | "bad-request" => ejabberd_refusal(error),
        "service-unavailable" => RegistrarError::Refused("registration is disabled".to_owned()),
        "internal-server-error" | "resource-constraint" => RegistrarError::Unavailable(reason(error)),
        _ => RegistrarError::Refused(reason(error)),
    }
}

/// `resource-constraint` of type `wait` is the bridge's answer while all uses of an invite are held by registrations
/// in progress.
fn is_busy(error: &StanzaError) -> bool {
    error.kind == "wait" && error.condition == "resource-constraint"
}

/// Whether this error can mean that a required field is missing (XEP-0077 section 3.1).
pub(crate) fn may_miss_fields(error: &StanzaError) -> bool {
    matches!(error.condition.as_str(), "not-acceptable" | "bad-request")
}

/// The condition is the same for a bad username and a bad password; only the text differs.
fn ejabberd_refusal(error: &StanzaError) -> RegistrarError {
    let text = error.text.to_lowercase();
    let password = text.contains("password");
    let username = ["username", "user name", "nickname", "localpart"].iter().any(|word| text.contains(word));
    match (username, password) {
        (true, false) => RegistrarError::UsernameNotAllowed(reason(error)),
        (false, true) => RegistrarError::PasswordNotAllowed(reason(error)),
        _ => RegistrarError::Refused(reason(error)),
    }
}

/// The meaning of an ejabberd error. Its text is an Erlang term, not meant for people.
fn wrapped(text: &str) -> Option<RegistrarError> {
    if text.contains("conflict") {
        Some(RegistrarError::UsernameTaken)
    } else if text.contains("not-acceptable") || text.contains("not_acceptable") {
        Some(RegistrarError::PasswordNotAllowed("it is too weak".to_owned()))
    } else if text.contains("jid-malformed") || text.contains("jid_malformed") {
        Some(RegistrarError::UsernameNotAllowed("it is not a valid username".to_owned()))
    } else {
        None
    }
}

/// The text of the error, else its condition, else a placeholder.
fn reason(error: &StanzaError) -> String {
    let condition = || crate::sanitize::sanitize(&error.condition.replace('-', " "));
    match (error.text.is_empty(), error.condition.is_empty()) {
        (false, _) => error.text.clone(),
        (true, false) => condition(),
        (true, true) => "it gives no reason".to_owned(),
    }
}
