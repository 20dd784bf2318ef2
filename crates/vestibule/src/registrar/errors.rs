//! What errors of the database and of the administration mean for a registration.

use vestibule_core::{AccountsError, Refusal, RegistrarError, StoreError, TokenRefusal, UsernameRefusal};

pub(super) fn of_store(error: StoreError) -> RegistrarError {
    match error {
        StoreError::Refused(Refusal::Token(
            TokenRefusal::Busy { .. } | TokenRefusal::TooManyAttempts { .. },
        )) => RegistrarError::Busy,
        StoreError::Refused(Refusal::Token(_)) => RegistrarError::TokenRefused,
        StoreError::Refused(Refusal::Username(UsernameRefusal::Reserved)) => RegistrarError::UsernameTaken,
        StoreError::Refused(Refusal::Username(refusal)) => {
            RegistrarError::UsernameNotAllowed(refusal.to_string())
        }
        StoreError::Refused(refusal) => RegistrarError::Refused(refusal.to_string()),
        error => RegistrarError::Unavailable(error.to_string()),
    }
}

pub(super) fn of_accounts(error: AccountsError) -> RegistrarError {
    match error {
        AccountsError::Exists => RegistrarError::UsernameTaken,
        AccountsError::NotFound => RegistrarError::UsernameNotAllowed(AccountsError::NotFound.to_string()),
        AccountsError::UsernameNotAllowed(text) => RegistrarError::UsernameNotAllowed(text),
        AccountsError::PasswordNotAllowed(text) => RegistrarError::PasswordNotAllowed(text),
        AccountsError::Refused(text) => RegistrarError::Refused(text),
        AccountsError::NotPermitted(text) | AccountsError::Unsupported(text) => {
            RegistrarError::NotPermitted(text)
        }
        AccountsError::Unavailable(text) => RegistrarError::Unavailable(text),
        AccountsError::Unknown(text) => RegistrarError::Unknown(text),
    }
}
