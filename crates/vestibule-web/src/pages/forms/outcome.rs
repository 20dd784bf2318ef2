//! Refused forms: the conversion of errors to what the form shows.

use http::StatusCode;
use vestibule_core::{RegistrarError, StoreError, Username};

use super::form_error::{FormError, FormErrors};
use crate::{http::RefusalReason, pages::invite_context::InviteContext};

/// A form that is shown again.
#[derive(Debug)]
pub(super) struct FormRefusal {
    pub(super) status: StatusCode,
    pub(super) errors: FormErrors,
    /// The label of the `refusals` metric.
    pub(super) reason: Option<RefusalReason>,
}

impl From<(StatusCode, FormErrors)> for FormRefusal {
    fn from((status, errors): (StatusCode, FormErrors)) -> Self {
        Self { status, errors, reason: None }
    }
}

impl FormRefusal {
    /// The store does not work, so that nothing could be checked.
    pub(super) fn store_unavailable(error: &StoreError) -> Self {
        tracing::debug!(%error, "a form could not be handled");
        let (status, errors) = unavailable("trouble-heading", FormError::new("busy"));
        Self { status, errors, reason: Some(error.into()) }
    }

    /// Too many forms are in flight.
    pub(super) fn too_many_forms() -> Self {
        tracing::debug!("a form was refused: too many are in flight");
        let (status, errors) = unavailable("busy-heading", FormError::new("busy"));
        Self { status, errors, reason: Some(RefusalReason("busy")) }
    }

    /// The registrar's error. It suggests only what the visitor can do: an invite for one username does not suggest
    /// another.
    pub(super) fn of(error: &RegistrarError, ctx: &InviteContext, username: &Username) -> Self {
        of(error, ctx, username).into()
    }
}

fn of(error: &RegistrarError, ctx: &InviteContext, username: &Username) -> (StatusCode, FormErrors) {
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
