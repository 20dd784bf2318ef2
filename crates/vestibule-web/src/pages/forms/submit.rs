//! From a filled-in form to an account.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use vestibule_core::{Application, Password, RegistrarError, State, Username, rules};

use super::{before::was_redeemed, faults::Faults, outcome, welcome};
use crate::pages::{
    invited::Invited,
    missing::{dead_invite, nothing_here, unavailable},
};

/// A form that was filled in well.
#[derive(Debug)]
pub(super) struct Form<'a> {
    pub(super) username: Username,
    pub(super) password: Password,
    /// The app that the reader comes from.
    pub(super) program: Option<&'a str>,
}

/// Has the account made, or the password set. `again` shows the form with what is wrong.
pub(super) async fn submit(
    invited: &Invited<'_>,
    form: Form<'_>,
    again: impl FnOnce(StatusCode, &Faults) -> Response,
) -> Response {
    let Invited { app, invite, token, reader, site, .. } = invited;
    let Form { username, password, program } = form;
    let Some(registrar) = &app.registrar else { return nothing_here(app, reader) };
    let mut made = app.underway.turn(invite.id, &username).lock_owned().await;
    match was_redeemed(&app.desk, invite, &username).await {
        Ok(before) if before || *made => return welcome::show(invited, &username, program),
        Ok(_) => {}
        Err(error) => return unavailable(app, reader, &error),
    }
    // Found although it is used up, for the case above alone.
    if rules::state(invite, app.desk.now()) == State::Used {
        return dead_invite(app, reader, site, vestibule_core::TokenRefusal::Used);
    }
    let application =
        Application { host: invite.host.clone(), token: token.clone(), username: username.clone(), password };
    // On its own, because a browser that is told to send the form again hangs up on the first one: what was begun
    // goes on, and the second one waits for it.
    let registrar = Arc::clone(registrar);
    let registration = tokio::spawn(async move {
        let outcome = registrar.register(&application).await;
        *made = outcome.is_ok();
        outcome
    });
    let outcome = registration.await.unwrap_or_else(|error| Err(RegistrarError::Unknown(error.to_string())));
    let Err(error) = outcome else {
        return welcome::show(invited, &username, program);
    };
    tracing::info!(invite = %invite.id, host = %invite.host, %error, "nobody was registered");
    // The invite may have ended meanwhile, by somebody else's hand or by time; or this very form came twice, and by
    // way of another node.
    if matches!(
        error,
        RegistrarError::TokenRefused | RegistrarError::UsernameTaken | RegistrarError::Unknown(_)
    ) {
        match was_redeemed(&app.desk, invite, &username).await {
            Ok(true) => return welcome::show(invited, &username, program),
            Ok(false) => {}
            Err(error) => return unavailable(app, reader, &error),
        }
    }
    if error == RegistrarError::TokenRefused
        && let Err(answer) = Invited::by_token(app, token.expose(), reader.clone()).await
    {
        return answer;
    }
    let (status, faults) = outcome::of(&error);
    let mut response = again(status, &faults);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}
