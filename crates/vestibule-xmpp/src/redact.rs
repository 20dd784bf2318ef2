//! Redaction of secrets in server texts.

use vestibule_core::{RegistrarError, RegistrationRequest};

/// Shorter secrets would match ordinary text.
const MIN_LEN: usize = 4;

/// Replaces the token and the password in an error by dots.
pub(crate) fn without_secrets(error: RegistrarError, registration: &RegistrationRequest) -> RegistrarError {
    // A server may repeat a token with its grant, or either alone.
    let token = registration.token.expose();
    let (bare, grant) = token.split_once('~').unwrap_or((token, ""));
    let secrets = [token, bare, grant, registration.password.expose()];
    let hide = |text: String| hide(text, &secrets);
    match error {
        RegistrarError::TokenRefused
        | RegistrarError::Busy
        | RegistrarError::UsernameTaken
        | RegistrarError::EncryptionUnavailable
        | RegistrarError::NotBridged => error,
        RegistrarError::RequiresField(text) => RegistrarError::RequiresField(hide(text)),
        RegistrarError::UsernameNotAllowed(text) => RegistrarError::UsernameNotAllowed(hide(text)),
        RegistrarError::PasswordNotAllowed(text) => RegistrarError::PasswordNotAllowed(hide(text)),
        RegistrarError::NotPermitted(text) => RegistrarError::NotPermitted(hide(text)),
        RegistrarError::Refused(text) => RegistrarError::Refused(hide(text)),
        RegistrarError::Unavailable(text) => RegistrarError::Unavailable(hide(text)),
        RegistrarError::Unknown(text) => RegistrarError::Unknown(hide(text)),
    }
}

/// Replaces secrets in a text.
pub(crate) fn hide(text: String, secrets: &[&str]) -> String {
    let long = secrets.iter().filter(|secret| secret.chars().count() >= MIN_LEN);
    long.fold(text, |text, secret| if text.contains(secret) { text.replace(secret, "…") } else { text })
}
