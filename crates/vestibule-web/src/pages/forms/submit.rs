//! Submits a checked form to the registrar.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use tracing::Instrument;
use vestibule_core::{
    Password, PreauthToken, Registrar, RegistrarError, RegistrationRequest, TokenRefusal, Username,
};

use super::{
    form_error::FormErrors,
    outcome,
    prior_outcome::{self, PriorOutcome},
    success_page,
};
use crate::{
    client_apps::ClientApp,
    http::{AuthFailed, ClientGroup},
    in_flight_forms::FormLock,
    pages::{error_pages, invite_context::InviteContext},
};

/// A form without errors.
#[derive(Debug)]
pub(super) struct CheckedForm<'a> {
    pub(super) username: Username,
    pub(super) password: Password,
    /// The token for the XMPP server.
    pub(super) preauth: PreauthToken,
    /// The app that the visitor chose.
    pub(super) client_app: Option<&'a ClientApp>,
}

/// Creates the account or sets the password. `show_form` renders the form with errors.
///
/// The success page is shown only if this form succeeded, or if the account is proved to have the password of this
/// form.
pub(super) async fn submit(
    ctx: &InviteContext,
    client: ClientGroup,
    is_used: bool,
    form: CheckedForm<'_>,
    show_form: impl FnOnce(StatusCode, &FormErrors) -> Response,
) -> Response {
    let InviteContext { state, invite, visitor, .. } = ctx;
    let CheckedForm { username, password, preauth, client_app } = form;
    let Some(registrar) = &state.registrar else { return ctx.not_found() };
    let Some(lock) = state.in_flight_forms.lock(client, invite, &username, &password).await else {
        return refused(ctx, &RegistrarError::Busy, &username, show_form).await;
    };
    if lock.is_done() {
        return success_page::show(ctx, &username, client_app);
    }
    let registration = RegistrationRequest { host: invite.host.clone(), token: preauth, username, password };
    let registration = Arc::new(registration);
    let (outcome, _lock) = if is_used {
        // Holds the lock, so that passwords are tried one at a time.
        (Err(RegistrarError::TokenRefused), Some(lock))
    } else {
        (register(Arc::clone(registrar), Arc::clone(&registration), lock).await, None)
    };
    let RegistrationRequest { username, password, .. } = &*registration;
    let Err(error) = outcome else {
        return success_page::show(ctx, username, client_app);
    };
    let mut wrong_password = false;
    // The same form may have succeeded before, here, on another node, or in an app.
    if may_be_done(&error) {
        match prior_outcome::find(ctx, username, password).await {
            Ok(PriorOutcome::Done) => return success_page::show(ctx, username, client_app),
            Ok(found) => wrong_password = found == PriorOutcome::WrongPassword,
            Err(error) => return error_pages::unavailable(state, visitor, &error),
        }
    }
    let mut response = refused(ctx, &error, username, show_form).await;
    if wrong_password {
        response.extensions_mut().insert(AuthFailed);
    }
    response
}

/// Registers in a separate task: a browser that sends the form again closes the first connection, and the second form
/// waits for the outcome of the first.
async fn register(
    registrar: Arc<dyn Registrar>,
    registration: Arc<RegistrationRequest>,
    mut lock: FormLock,
) -> Result<(), RegistrarError> {
    let registering = async move {
        let outcome = registrar.register(&registration).await;
        if outcome.is_ok() {
            lock.done();
        }
        outcome
    };
    tokio::spawn(registering.in_current_span())
        .await
        .unwrap_or_else(|error| Err(RegistrarError::Unknown(error.to_string())))
}

/// Whether the refusal can mean that the same form has succeeded before.
fn may_be_done(error: &RegistrarError) -> bool {
    matches!(error, RegistrarError::TokenRefused | RegistrarError::UsernameTaken | RegistrarError::Unknown(_))
}

/// The response to a form that the registrar refused.
async fn refused(
    ctx: &InviteContext,
    error: &RegistrarError,
    username: &Username,
    show_form: impl FnOnce(StatusCode, &FormErrors) -> Response,
) -> Response {
    let (invite, host) = (ctx.invite.id, &ctx.invite.host);
    if may_be_done(error) {
        // The invite may have been used or have expired meanwhile.
        match InviteContext::find(ctx.state.clone(), ctx.token.clone(), ctx.visitor.clone()).await {
            Ok((current, Some(reason)))
                if *error == RegistrarError::TokenRefused || reason == TokenRefusal::Used =>
            {
                return current.gone(reason);
            }
            Ok(_) => {}
            Err(page) => return page,
        }
    }
    // The registrar itself warns, once, of errors that only an operator can fix.
    tracing::info!(%invite, %host, %error, "a registration was refused");
    let (status, errors) = outcome::of(error, ctx, username);
    let mut response = show_form(status, &errors);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}
