//! Servers that repeat what they were told.

use vestibule_core::{Application, RegistrarError};

/// A shorter secret stands in every other sentence by chance, and is none.
const SHORTEST: usize = 4;

/// The same error, with dots in place of the token and the password.
pub(crate) fn without_secrets(error: RegistrarError, application: &Application) -> RegistrarError {
    let secrets = [application.token.expose(), application.password.expose()];
    let hide = |text: String| {
        let long = secrets.iter().filter(|secret| secret.chars().count() >= SHORTEST);
        long.fold(text, |text, secret| if text.contains(secret) { text.replace(secret, "…") } else { text })
    };
    match error {
        RegistrarError::TokenRefused => RegistrarError::TokenRefused,
        RegistrarError::UsernameTaken => RegistrarError::UsernameTaken,
        RegistrarError::UsernameNotAllowed(text) => RegistrarError::UsernameNotAllowed(hide(text)),
        RegistrarError::PasswordNotAllowed(text) => RegistrarError::PasswordNotAllowed(hide(text)),
        RegistrarError::Refused(text) => RegistrarError::Refused(hide(text)),
        RegistrarError::Unavailable(text) => RegistrarError::Unavailable(hide(text)),
        RegistrarError::Unknown(text) => RegistrarError::Unknown(hide(text)),
    }
}
