//! Redaction of secrets in server texts.

use vestibule_core::{AccountsError, Password, RegistrarError, RegistrationRequest};

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

/// Replaces the password in an error by dots.
pub(crate) fn without_password(error: AccountsError, password: &Password) -> AccountsError {
    let hide = |text: String| hide(text, &[password.expose()]);
    match error {
        AccountsError::Exists | AccountsError::NotFound => error,
        AccountsError::UsernameNotAllowed(text) => AccountsError::UsernameNotAllowed(hide(text)),
        AccountsError::PasswordNotAllowed(text) => AccountsError::PasswordNotAllowed(hide(text)),
        AccountsError::Refused(text) => AccountsError::Refused(hide(text)),
        AccountsError::NotPermitted(text) => AccountsError::NotPermitted(hide(text)),
        AccountsError::Unsupported(text) => AccountsError::Unsupported(hide(text)),
        AccountsError::Unavailable(text) => AccountsError::Unavailable(hide(text)),
        AccountsError::Unknown(text) => AccountsError::Unknown(hide(text)),
    }
}

/// Replaces secrets in a text.
pub(crate) fn hide(text: String, secrets: &[&str]) -> String {
    let long = secrets.iter().filter(|secret| secret.chars().count() >= MIN_LEN);
    long.fold(text, |text, secret| if text.contains(secret) { text.replace(secret, "…") } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_a_server_repeats_is_hidden() {
        let password = Password::parse("lamp orchid 47 teapot").unwrap();
        let text = |password: &str| format!("{password} is too weak");
        for of in [AccountsError::Refused, AccountsError::PasswordNotAllowed, AccountsError::Unknown] {
            let error = without_password(of(text(password.expose())), &password);
            assert_eq!(error, of(text("…")));
        }
    }
}
