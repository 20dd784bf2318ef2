//! Conversion of the registrar's errors to responses of the form.

use http::StatusCode;
use vestibule_core::{RegistrarError, Username};

use super::form_error::{FormError, FormErrors};
use crate::pages::invite_context::InviteContext;

/// The status and the errors of the form. They suggest only what the visitor can do: an invite for one username does
/// not suggest another.
pub(super) fn of(
    error: &RegistrarError,
    ctx: &InviteContext,
    username: &Username,
) -> (StatusCode, FormErrors) {
    let (resets, bound) = (ctx.is_reset(), ctx.invite.username.is_some());
    let address = || username.at(&ctx.invite.host).to_string();
    match error {
        RegistrarError::UsernameTaken if resets => server_refused(FormError::new("server-refused")),
        RegistrarError::UsernameTaken if bound => {
            let error = FormError::new("account-exists").with_address(address());
            (StatusCode::CONFLICT, FormErrors::alert("account-exists-heading", error))
        }
        RegistrarError::UsernameTaken => {
            (StatusCode::CONFLICT, FormErrors::username(FormError::new("name-taken")))
        }
        // The XMPP server has no account of that name.
        RegistrarError::UsernameNotAllowed(_) if resets => {
            let error = FormError::new("no-account").with_address(address());
            (StatusCode::CONFLICT, FormErrors::alert("no-account-heading", error))
        }
        RegistrarError::UsernameNotAllowed(reason) if bound => {
            let error = FormError::new("bound-name-refused").with_address(address()).with_reason(reason);
            (StatusCode::CONFLICT, FormErrors::alert("bound-name-refused-heading", error))
        }
        RegistrarError::UsernameNotAllowed(reason) => {
            (StatusCode::CONFLICT, FormErrors::username(FormError::new("name-refused").with_reason(reason)))
        }
        RegistrarError::PasswordNotAllowed(reason) => {
            let error = FormError::new("password-refused").with_reason(reason);
            (StatusCode::UNPROCESSABLE_ENTITY, FormErrors::password(error))
        }
        RegistrarError::Busy => unavailable("busy-heading", FormError::new("busy")),
        // The invite is valid, but the XMPP server does not ask this service about it, or does not obey it.
        RegistrarError::TokenRefused | RegistrarError::NotBridged | RegistrarError::NotPermitted(_) => (
            StatusCode::BAD_GATEWAY,
            FormErrors::alert("server-setup-heading", FormError::new("server-setup")),
        ),
        RegistrarError::EncryptionUnavailable => (
            StatusCode::BAD_GATEWAY,
            FormErrors::alert("server-setup-heading", FormError::new("server-encryption")),
        ),
        RegistrarError::RequiresField(field) => {
            let error = FormError::new("server-field").with_field(field);
            (StatusCode::BAD_GATEWAY, FormErrors::alert("server-setup-heading", error))
        }
        RegistrarError::Refused(reason) => {
            server_refused(FormError::new("server-refused").with_reason(reason))
        }
        RegistrarError::Unavailable(_) => unavailable("server-away-heading", FormError::new("server-away")),
        RegistrarError::Unknown(_) => unavailable("server-unknown-heading", FormError::new("server-unknown")),
    }
}

fn server_refused(error: FormError) -> (StatusCode, FormErrors) {
    (StatusCode::BAD_GATEWAY, FormErrors::alert("server-refused-heading", error))
}

fn unavailable(heading: &'static str, error: FormError) -> (StatusCode, FormErrors) {
    (StatusCode::SERVICE_UNAVAILABLE, FormErrors::alert(heading, error))
}
