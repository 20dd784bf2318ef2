//! From a filled-in form to an account.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use vestibule_core::{
    Password, PreauthToken, Registrar, RegistrarError, RegistrationRequest, TokenRefusal, Username,
};

use super::{
    faults::Faults,
    outcome,
    proof::{self, Proof},
    underway::Turn,
    welcome,
};
use crate::{
    marks::GuessFailed,
    pages::{
        invited::Invited,
        missing::{nothing_here, unavailable},
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
    pub(super) program: Option<&'a str>,
}

/// Has the account made, or the password set. `again` shows the form with what is wrong.
///
/// The success page is shown only for what this form did, or where it is proved that the account has the password
/// of this form.
pub(super) async fn submit(
    invited: &Invited<'_>,
    is_used: bool,
    form: Form<'_>,
    again: impl FnOnce(StatusCode, &Faults) -> Response,
) -> Response {
    let Invited { app, invite, reader, .. } = invited;
    let Form { username, password, preauth, program } = form;
    let Some(registrar) = &app.registrar else { return nothing_here(app, reader) };
    let turn = app.underway.turn(invite.id, &username, &password).await;
    if turn.is_done() {
        return welcome::show(invited, &username, program);
    }
    let registration = RegistrationRequest { host: invite.host.clone(), token: preauth, username, password };
    let registration = Arc::new(registration);
    let (outcome, _turn) = if is_used {
        // Passwords are tried one after the other.
        (Err(RegistrarError::TokenRefused), Some(turn))
    } else {
        (register(Arc::clone(registrar), Arc::clone(&registration), turn).await, None)
    };
    let RegistrationRequest { username, password, .. } = &*registration;
    let Err(error) = outcome else {
        return welcome::show(invited, username, program);
    };
    let mut wrong_password = false;
    // Somebody was faster, or sent this very form before, here or by way of another node, or in an app.
    if may_be_done(&error) {
        match proof::find(invited, username, password).await {
            Ok(Proof::Done) => return welcome::show(invited, username, program),
            Ok(found) => wrong_password = found == Proof::WrongPassword,
            Err(error) => return unavailable(app, reader, &error),
        }
    }
    let mut response = refused(invited, &error, username, again).await;
    if wrong_password {
        response.extensions_mut().insert(GuessFailed);
    }
    response
}

/// Registers in a task of its own: a browser that is told to send the form again hangs up on the first one, which
/// goes on, and the second one waits for it.
async fn register(
    registrar: Arc<dyn Registrar>,
    registration: Arc<RegistrationRequest>,
    mut turn: Turn,
) -> Result<(), RegistrarError> {
    let task = tokio::spawn(async move {
        let outcome = registrar.register(&registration).await;
        if outcome.is_ok() {
            turn.done();
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
    invited: &Invited<'_>,
    error: &RegistrarError,
    username: &Username,
    again: impl FnOnce(StatusCode, &Faults) -> Response,
) -> Response {
    let (invite, host) = (invited.invite.id, &invited.invite.host);
    if may_be_done(error) {
        // The invite may have ended meanwhile, by somebody else's hand or by time.
        match Invited::look(invited.app, invited.token.clone(), invited.reader.clone()).await {
            Ok((now, Some(why))) if *error == RegistrarError::TokenRefused || why == TokenRefusal::Used => {
                return now.dead(why);
            }
            Ok(_) => {}
            Err(answer) => return answer,
        }
    }
    // What stops everybody until an operator changes something, the registrar has warned of: once, with the remedy.
    tracing::info!(%invite, %host, %error, "a registration was refused");
    let (status, faults) = outcome::of(error, invited, username);
    let mut response = again(status, &faults);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}
