//! Submits a checked form to the registrar.

use std::sync::Arc;

use axum::response::Response;
use tracing::Instrument;
use vestibule_core::{
    Password, PreauthToken, Registrar, RegistrarError, RegistrationRequest, TokenRefusal, Username,
};

use super::{
    outcome::FormRefusal,
    prior_outcome::{self, PriorOutcome},
};
use crate::{
    client_apps::ClientApp,
    http::{AuthFailed, ClientGroup},
    in_flight_forms::FormLock,
    pages::{invite_context::InviteContext, welcome},
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
    /// The name of the form in its page.
    pub(super) name: &'a str,
}

/// The result of a submitted form.
#[derive(Debug)]
pub(super) enum Submitted {
    /// The response.
    Answered(Response),
    /// The form is shown again, with errors.
    Refused(Box<FormRefusal>),
}

impl Submitted {
    /// The form is shown again.
    fn again(refusal: FormRefusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Creates the account or sets the password.
///
/// The browser is led to the page of the account only if this form succeeded, or if the account is proved to have the
/// password of this form.
pub(super) async fn submit(
    ctx: &InviteContext,
    client: ClientGroup,
    is_used: bool,
    form: CheckedForm<'_>,
) -> (Submitted, Option<AuthFailed>) {
    let InviteContext { state, invite, .. } = ctx;
    let CheckedForm { username, password, preauth, client_app, name } = form;
    let answered = |response| (Submitted::Answered(response), None);
    let done = |username: &Username| answered(welcome::after_form(ctx, username, client_app, name));
    let Some(registrar) = &state.registrar else { return answered(ctx.not_found()) };
    let Some(lock) = state.in_flight_forms.lock(client, invite, &username, &password).await else {
        return (Submitted::again(FormRefusal::too_many_forms()), None);
    };
    if lock.is_done() {
        return done(&username);
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
        return done(username);
    };
    let mut auth_failed = None;
    // The same form may have succeeded before, here, on another node, or in an app.
    if may_be_done(&error) {
        match prior_outcome::find(ctx, username, password).await {
            Ok(PriorOutcome::Done) => return done(username),
            Ok(PriorOutcome::WrongPassword) => auth_failed = Some(AuthFailed),
            Ok(PriorOutcome::None) => {}
            Err(error) => return (Submitted::again(FormRefusal::store_unavailable(&error)), None),
        }
    }
    (refused(ctx, &error, username).await, auth_failed)
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

/// The result of a form that the registrar refused.
async fn refused(ctx: &InviteContext, error: &RegistrarError, username: &Username) -> Submitted {
    let (invite, host) = (ctx.invite.id, &ctx.invite.host);
    if may_be_done(error) {
        // The invite may have been used or have expired meanwhile.
        match InviteContext::find(ctx.state.clone(), ctx.token.clone(), ctx.visitor.clone()).await {
            Ok((current, Some(reason)))
                if *error == RegistrarError::TokenRefused || reason == TokenRefusal::Used =>
            {
                return Submitted::Answered(current.gone(reason));
            }
            Ok(_) => {}
            Err(not_found) => match &not_found.error {
                Some(error) => return Submitted::again(FormRefusal::store_unavailable(error)),
                None => return Submitted::Answered(not_found.page()),
            },
        }
    }
    // The registrar itself warns, once, of errors that only an operator can fix.
    tracing::debug!(%invite, %host, %error, "a registration was refused");
    Submitted::again(FormRefusal::of(error, ctx, username))
}
