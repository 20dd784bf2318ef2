//! What the registrar's answer means for the reader.

use http::StatusCode;
use vestibule_core::{RegistrarError, Username};

use super::faults::{Fault, Faults};
use crate::pages::invited::Invited;

/// The page for an answer other than yes: its status and what is wrong. It says only what its reader can do: who may
/// take one name alone is not told to take another.
pub(super) fn of(error: &RegistrarError, invited: &Invited<'_>, username: &Username) -> (StatusCode, Faults) {
    let (resets, bound) = (invited.is_reset(), invited.invite.username.is_some());
    let address = || username.at(&invited.invite.host).to_string();
    match error {
        RegistrarError::UsernameTaken if resets => server_refused(Fault::new("server-refused")),
        RegistrarError::UsernameTaken if bound => {
            let fault = Fault::new("account-exists").with_address(address());
            (StatusCode::CONFLICT, Faults::alert("account-exists-heading", fault))
        }
        RegistrarError::UsernameTaken => (StatusCode::CONFLICT, Faults::username(Fault::new("name-taken"))),
        // The XMPP server knows no account of that name.
        RegistrarError::UsernameNotAllowed(_) if resets => {
            let fault = Fault::new("no-account").with_address(address());
            (StatusCode::CONFLICT, Faults::alert("no-account-heading", fault))
        }
        RegistrarError::UsernameNotAllowed(reason) if bound => {
            let fault = Fault::new("bound-name-refused").with_address(address()).with_reason(reason);
            (StatusCode::CONFLICT, Faults::alert("bound-name-refused-heading", fault))
        }
        RegistrarError::UsernameNotAllowed(reason) => {
            (StatusCode::CONFLICT, Faults::username(Fault::new("name-refused").with_reason(reason)))
        }
        RegistrarError::PasswordNotAllowed(reason) => {
            let fault = Fault::new("password-refused").with_reason(reason);
            (StatusCode::UNPROCESSABLE_ENTITY, Faults::password(fault))
        }
        RegistrarError::Busy => unavailable("busy-heading", Fault::new("busy")),
        // The invite is good: the XMPP server asks somebody else about it.
        RegistrarError::TokenRefused | RegistrarError::NotBridged => {
            (StatusCode::BAD_GATEWAY, Faults::alert("server-setup-heading", Fault::new("server-setup")))
        }
        RegistrarError::EncryptionUnavailable => {
            (StatusCode::BAD_GATEWAY, Faults::alert("server-setup-heading", Fault::new("server-encryption")))
        }
        RegistrarError::RequiresField(field) => {
            let fault = Fault::new("server-field").with_field(field);
            (StatusCode::BAD_GATEWAY, Faults::alert("server-setup-heading", fault))
        }
        RegistrarError::Refused(reason) => server_refused(Fault::new("server-refused").with_reason(reason)),
        RegistrarError::Unavailable(_) => unavailable("server-away-heading", Fault::new("server-away")),
        RegistrarError::Unknown(_) => unavailable("server-unknown-heading", Fault::new("server-unknown")),
    }
}

fn server_refused(fault: Fault) -> (StatusCode, Faults) {
    (StatusCode::BAD_GATEWAY, Faults::alert("server-refused-heading", fault))
}

fn unavailable(heading: &'static str, fault: Fault) -> (StatusCode, Faults) {
    (StatusCode::SERVICE_UNAVAILABLE, Faults::alert(heading, fault))
}
