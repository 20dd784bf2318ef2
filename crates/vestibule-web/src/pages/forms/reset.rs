//! `/invite/{token}/reset`: a new password, set in the browser.

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use minijinja::context;
use vestibule_core::{TokenRefusal, Username};

use super::{
    faults::{Fault, Faults},
    grant::{self, FormGrant},
    password,
    posted::Posted,
    same_site,
    submit::{Form, submit},
};
use crate::{
    App,
    pages::{
        invited::{Invited, TokenInPath},
        missing::nothing_here,
        reader::Reader,
    },
};

/// `GET`: the form.
pub(in crate::pages) async fn show(
    State(app): State<App>,
    TokenInPath(token): TokenInPath,
    reader: Reader,
) -> Response {
    match Invited::find(&app, token, reader).await {
        Ok(invited) => match owner(&invited) {
            Some(username) => {
                form(&invited, StatusCode::OK, &username, &FormGrant::of_now(&invited), &Faults::default())
            }
            None => nothing_here(&app, &invited.reader),
        },
        Err(answer) => answer,
    }
}

/// `POST`: the password.
pub(in crate::pages) async fn send(
    State(app): State<App>,
    TokenInPath(token): TokenInPath,
    reader: Reader,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let foreign = !same_site::from_here(&headers, app.links.base());
    let posted = Posted::read(&headers, body).await;
    let (invited, why) = match Invited::look(&app, token, reader).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let is_used = why == Some(TokenRefusal::Used);
    let grant = posted.as_ref().and_then(|posted| FormGrant::posted(&invited, &posted.grant));
    // Whatever name was sent: with the token of a reset, the XMPP server may make an account of any other.
    let Some(username) = owner(&invited) else {
        return nothing_here(&app, &invited.reader);
    };
    if let Some(why) = grant::refusal(why, grant.as_ref()) {
        return invited.dead(why);
    }
    let grant = grant.unwrap_or_else(|| FormGrant::of_now(&invited));
    let again = |status, faults: &Faults| form(&invited, status, &username, &grant, faults);
    let posted = match posted {
        Some(posted) if !foreign => posted,
        _ => {
            let faults = Faults::alert("form-foreign-heading", Fault::new("form-foreign"));
            return again(StatusCode::FORBIDDEN, &faults);
        }
    };
    let known = [username.as_str(), invited.invite.host.as_str(), invited.site_name()];
    match password::check(&posted.password, &known) {
        Ok(password) => {
            let preauth = grant.preauth(&invited);
            let form = Form { username: username.clone(), password, preauth, program: None };
            submit(&invited, is_used, form, again).await
        }
        Err(fault) => again(StatusCode::UNPROCESSABLE_ENTITY, &Faults::password(fault)),
    }
}

/// Whose password it is, where the invite is for that and passwords can be set here.
fn owner(invited: &Invited<'_>) -> Option<Username> {
    let here = invited.is_reset() && invited.app.registrar.is_some();
    invited.invite.username.clone().filter(|_| here)
}

fn form(
    invited: &Invited<'_>,
    status: StatusCode,
    username: &Username,
    grant: &FormGrant,
    faults: &Faults,
) -> Response {
    let page = context! {
        site => invited.site_name(),
        token => invited.token.expose(),
        grant => grant.as_str(),
        address => username.at(&invited.invite.host).to_string(),
        shortest => password::SHORTEST,
        faults => faults.say(&invited.reader.language),
    };
    invited.app.pages.render(status, "reset.html", &invited.reader, invited.site, page)
}
