//! What the registrar's answer means for the reader.

use http::StatusCode;
use vestibule_core::RegistrarError;

use super::faults::{Fault, Faults};

/// The page for an answer other than yes: its status and what is wrong.
pub(super) fn of(error: &RegistrarError) -> (StatusCode, Faults) {
    let username = |fault| Faults { username: Some(fault), ..Faults::default() };
    let alert = |heading, fault| Faults { alert: Some((heading, fault)), ..Faults::default() };
    match error {
        RegistrarError::UsernameTaken => (StatusCode::CONFLICT, username(Fault::new("name-taken"))),
        RegistrarError::UsernameNotAllowed(reason) => {
            (StatusCode::CONFLICT, username(Fault::with_reason("name-refused", reason)))
        }
        RegistrarError::PasswordNotAllowed(reason) => {
            let password = Some(Fault::with_reason("password-refused", reason));
            (StatusCode::UNPROCESSABLE_ENTITY, Faults { password, ..Faults::default() })
        }
        RegistrarError::TokenRefused => {
            (StatusCode::BAD_GATEWAY, alert("server-refused-heading", Fault::new("server-refused")))
        }
        RegistrarError::Refused(reason) => {
            let fault = Fault::with_reason("server-refused", reason);
            (StatusCode::BAD_GATEWAY, alert("server-refused-heading", fault))
        }
        RegistrarError::Unavailable(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, alert("server-away-heading", Fault::new("server-away")))
        }
        RegistrarError::Unknown(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, alert("server-unknown-heading", Fault::new("server-unknown")))
        }
    }
}
