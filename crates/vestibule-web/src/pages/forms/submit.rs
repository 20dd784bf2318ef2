//! From a filled-in form to an account.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use vestibule_core::{
    Password, PreauthToken, Registrar, RegistrarError, RegistrationRequest, TokenRefusal, Username,
};

use super::{
    errors::FormErrors,
    in_flight_forms::FormLock,
    outcome,
    prior_outcome::{self, PriorOutcome},
    success,
};
use crate::{
    extensions::AuthFailed,
    pages::{
        error_pages::{not_found_page, unavailable},
        invite_context::InviteContext,
    },
};

/// A form that was filled in well.
#[derive(Debug)]
pub(super) struct Form<'a> {
    pub(super) username: Username,
    pub(super) password: Password,
    /// What is presented to the XMPP server.
    pub(super) preauth: PreauthToken,
    /// The app that the reader comes from.
    pub(super) client_app: Option<&'a str>,
}

/// Has the account made, or the password set. `show_form` shows the form with what is wrong.
///
/// The success page is shown only for what this form did, or where it is proved that the account has the password
/// of this form.
pub(super) async fn submit(
    ctx: &InviteContext<'_>,
    is_used: bool,
    form: Form<'_>,
    show_form: impl FnOnce(StatusCode, &FormErrors) -> Response,
) -> Response {
    let InviteContext { state, invite, visitor, .. } = ctx;
    let Form { username, password, preauth, client_app } = form;
    let Some(registrar) = &state.registrar else { return not_found_page(state, visitor) };
    let lock = state.in_flight_forms.lock(invite.id, &username, &password).await;
    if lock.is_done() {
        return success::show(ctx, &username, client_app);
    }
    let registration = RegistrationRequest { host: invite.host.clone(), token: preauth, username, password };
    let registration = Arc::new(registration);
    let (outcome, _turn) = if is_used {
        // Passwords are tried one after the other.
        (Err(RegistrarError::TokenRefused), Some(lock))
    } else {
        (register(Arc::clone(registrar), Arc::clone(&registration), lock).await, None)
    };
    let RegistrationRequest { username, password, .. } = &*registration;
    let Err(error) = outcome else {
        return success::show(ctx, username, client_app);
    };
    let mut wrong_password = false;
    // Somebody was faster, or sent this very form before, here or by way of another node, or in an app.
    if may_be_done(&error) {
        match prior_outcome::find(ctx, username, password).await {
            Ok(PriorOutcome::Done) => return success::show(ctx, username, client_app),
            Ok(found) => wrong_password = found == PriorOutcome::WrongPassword,
            Err(error) => return unavailable(state, visitor, &error),
        }
    }
    let mut response = refused(ctx, &error, username, show_form).await;
    if wrong_password {
        response.extensions_mut().insert(AuthFailed);
    }
    response
}

/// Registers in a task of its own: a browser that is told to send the form again hangs up on the first one, which
/// goes on, and the second one waits for it.
async fn register(
    registrar: Arc<dyn Registrar>,
    registration: Arc<RegistrationRequest>,
    mut lock: FormLock,
) -> Result<(), RegistrarError> {
    let task = tokio::spawn(async move {
        let outcome = registrar.register(&registration).await;
        if outcome.is_ok() {
            lock.done();
        }
        outcome
    });
    task.await.unwrap_or_else(|error| Err(RegistrarError::Unknown(error.to_string())))
}

/// Whether a refusal may mean that what was asked for is so already.
fn may_be_done(error: &RegistrarError) -> bool {
    matches!(error, RegistrarError::TokenRefused | RegistrarError::UsernameTaken | RegistrarError::Unknown(_))
}

/// The answer to a form that came to nothing.
async fn refused(
    ctx: &InviteContext<'_>,
    error: &RegistrarError,
    username: &Username,
    show_form: impl FnOnce(StatusCode, &FormErrors) -> Response,
) -> Response {
    let (invite, host) = (ctx.invite.id, &ctx.invite.host);
    if may_be_done(error) {
        // The invite may have ended meanwhile, by somebody else's hand or by time.
        match InviteContext::look(ctx.state, ctx.token.clone(), ctx.visitor.clone()).await {
            Ok((now, Some(why))) if *error == RegistrarError::TokenRefused || why == TokenRefusal::Used => {
                return now.gone_page(why);
            }
            Ok(_) => {}
            Err(answer) => return answer,
        }
    }
    // What stops everybody until an operator changes something, the registrar has warned of: once, with the remedy.
    tracing::info!(%invite, %host, %error, "a registration was refused");
    let (status, errors) = outcome::of(error, ctx, username);
    let mut response = show_form(status, &errors);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}
