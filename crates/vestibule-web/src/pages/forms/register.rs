//! `/invite/{token}/register`: an account, made in the browser.

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode, Uri};
use minijinja::context;
use vestibule_core::{Password, TokenRefusal, Username};

use super::{
    faults::{Fault, Faults},
    grant::{self, FormGrant},
    password,
    posted::Posted,
    same_site, username,
};
use crate::{
    App,
    pages::{
        forms::submit::{Form, submit},
        invited::{Invited, TokenInPath},
        missing::{nothing_here, unavailable},
        reader::Reader,
    },
};

/// `GET`: the form.
pub(in crate::pages) async fn show(
    State(app): State<App>,
    TokenInPath(token): TokenInPath,
    reader: Reader,
    uri: Uri,
) -> Response {
    match Invited::find(&app, token, reader).await {
        Ok(invited) if invited.may_register() => form(
            &invited,
            StatusCode::OK,
            &typed_before(&invited),
            program(&uri).as_deref(),
            &FormGrant::of_now(&invited),
            &Faults::default(),
        ),
        Ok(invited) => nothing_here(&app, &invited.reader),
        Err(answer) => answer,
    }
}

/// `POST`: the account.
pub(in crate::pages) async fn send(
    State(app): State<App>,
    TokenInPath(token): TokenInPath,
    reader: Reader,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let program = program(&uri);
    let foreign = !same_site::from_here(&headers, app.links.base());
    let posted = Posted::read(&headers, body).await;
    let (invited, why) = match Invited::look(&app, token, reader).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    if !invited.may_register() {
        return nothing_here(&app, &invited.reader);
    }
    let is_used = why == Some(TokenRefusal::Used);
    let grant = posted.as_ref().and_then(|posted| FormGrant::posted(&invited, &posted.grant));
    if let Some(why) = grant::refusal(why, grant.as_ref()) {
        return invited.dead(why);
    }
    let grant = grant.unwrap_or_else(|| FormGrant::of_now(&invited));
    let posted = match posted {
        Some(posted) if !foreign => posted,
        _ => {
            let faults = Faults::alert("form-foreign-heading", Fault::new("form-foreign"));
            return form(&invited, StatusCode::FORBIDDEN, "", program.as_deref(), &grant, &faults);
        }
    };
    let again = |status, faults: &Faults| {
        form(&invited, status, &posted.username, program.as_deref(), &grant, faults)
    };
    let (username, password) = match check(&invited, &posted) {
        Ok(good) => good,
        Err(faults) => return again(StatusCode::UNPROCESSABLE_ENTITY, &faults),
    };
    match username::refusal(&invited, &username).await {
        Ok(None) => {}
        Ok(Some(fault)) => return again(StatusCode::CONFLICT, &Faults::username(fault)),
        Err(error) => return unavailable(&app, &invited.reader, &error),
    }
    let preauth = grant.preauth(&invited);
    let form = Form { username, password, preauth, program: program.as_deref() };
    submit(&invited, is_used, form, again).await
}

/// What was typed, if it will do.
fn check(invited: &Invited<'_>, posted: &Posted) -> Result<(Username, Password), Box<Faults>> {
    let username = username::check(&invited.invite, &posted.username);
    let known = [posted.username.as_str(), invited.invite.host.as_str(), invited.site_name()];
    match (username, password::check(&posted.password, &known)) {
        (Ok(username), Ok(password)) => Ok((username, password)),
        (username, password) => Err(Box::new(Faults::fields(username.err(), password.err()))),
    }
}

/// The name that the form begins with: the one that is kept for the reader.
fn typed_before(invited: &Invited<'_>) -> String {
    invited.invite.username.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// `app` of the query.
fn program(uri: &Uri) -> Option<String> {
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.find_map(|(name, value)| (name == "app").then(|| value.into_owned()))
}

fn form(
    invited: &Invited<'_>,
    status: StatusCode,
    typed: &str,
    program: Option<&str>,
    grant: &FormGrant,
    faults: &Faults,
) -> Response {
    let program = program.and_then(|id| invited.site.program(id));
    let page = context! {
        site => invited.site_name(),
        host => invited.invite.host.as_str(),
        token => invited.token.expose(),
        grant => grant.as_str(),
        typed,
        bound => invited.invite.username.is_some(),
        program => program.map(|program| program.id.as_str()),
        shortest => password::SHORTEST,
        faults => faults.say(&invited.reader.language),
    };
    invited.app.pages.render(status, "register.html", &invited.reader, invited.site, page)
}
