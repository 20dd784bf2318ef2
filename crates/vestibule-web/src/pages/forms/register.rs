//! `/invite/{token}/register`: an account, made in the browser.

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode, Uri};
use minijinja::context;
use vestibule_core::{Password, TokenRefusal, Username};

use super::{
    errors::{FormError, FormErrors},
    form_data::FormData,
    grant::{self, FormGrant},
    password, same_site, username,
};
use crate::{
    AppState,
    pages::{
        error_pages::{not_found_page, unavailable},
        forms::submit::{Form, submit},
        invite_context::{InviteContext, TokenInPath},
        visitor::Visitor,
    },
};

/// `GET`: the form.
pub(in crate::pages) async fn show(
    State(state): State<AppState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
    uri: Uri,
) -> Response {
    match InviteContext::find(&state, token, visitor).await {
        Ok(ctx) if ctx.may_register() => form(
            &ctx,
            StatusCode::OK,
            &typed_before(&ctx),
            client_app(&uri).as_deref(),
            &FormGrant::of_now(&ctx),
            &FormErrors::default(),
        ),
        Ok(ctx) => not_found_page(&state, &ctx.visitor),
        Err(answer) => answer,
    }
}

/// `POST`: the account.
pub(in crate::pages) async fn send(
    State(state): State<AppState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let client_app = client_app(&uri);
    let foreign = !same_site::from_here(&headers, state.links.base());
    let form_data = FormData::read(&headers, body).await;
    let (ctx, why) = match InviteContext::look(&state, token, visitor).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    if !ctx.may_register() {
        return not_found_page(&state, &ctx.visitor);
    }
    let is_used = why == Some(TokenRefusal::Used);
    let grant = form_data.as_ref().and_then(|form_data| FormGrant::form_data(&ctx, &form_data.grant));
    if let Some(why) = grant::refusal(why, grant.as_ref()) {
        return ctx.gone_page(why);
    }
    let grant = grant.unwrap_or_else(|| FormGrant::of_now(&ctx));
    let form_data = match form_data {
        Some(form_data) if !foreign => form_data,
        _ => {
            let errors = FormErrors::alert("form-foreign-heading", FormError::new("form-foreign"));
            return form(&ctx, StatusCode::FORBIDDEN, "", client_app.as_deref(), &grant, &errors);
        }
    };
    let show_form = |status, errors: &FormErrors| {
        form(&ctx, status, &form_data.username, client_app.as_deref(), &grant, errors)
    };
    let (username, password) = match check(&ctx, &form_data) {
        Ok(good) => good,
        Err(errors) => return show_form(StatusCode::UNPROCESSABLE_ENTITY, &errors),
    };
    match username::refusal(&ctx, &username).await {
        Ok(None) => {}
        Ok(Some(error)) => return show_form(StatusCode::CONFLICT, &FormErrors::username(error)),
        Err(error) => return unavailable(&state, &ctx.visitor, &error),
    }
    let preauth = grant.preauth(&ctx);
    let form = Form { username, password, preauth, client_app: client_app.as_deref() };
    submit(&ctx, is_used, form, show_form).await
}

/// What was typed, if it will do.
fn check(ctx: &InviteContext<'_>, form_data: &FormData) -> Result<(Username, Password), Box<FormErrors>> {
    let username = username::check(&ctx.invite, &form_data.username);
    let known = [form_data.username.as_str(), ctx.invite.host.as_str(), ctx.site_name()];
    match (username, password::check(&form_data.password, &known)) {
        (Ok(username), Ok(password)) => Ok((username, password)),
        (username, password) => Err(Box::new(FormErrors::fields(username.err(), password.err()))),
    }
}

/// The name that the form begins with: the one that is kept for the reader.
fn typed_before(ctx: &InviteContext<'_>) -> String {
    ctx.invite.username.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// `state` of the query.
fn client_app(uri: &Uri) -> Option<String> {
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.find_map(|(name, value)| (name == "app").then(|| value.into_owned()))
}

fn form(
    ctx: &InviteContext<'_>,
    status: StatusCode,
    typed: &str,
    client_app: Option<&str>,
    grant: &FormGrant,
    errors: &FormErrors,
) -> Response {
    let client_app = client_app.and_then(|id| ctx.site.client_app(id));
    let page = context! {
        site => ctx.site_name(),
        host => ctx.invite.host.as_str(),
        token => ctx.token.expose(),
        grant => grant.as_str(),
        typed,
        bound => ctx.invite.username.is_some(),
        program => client_app.map(|client_app| client_app.id.as_str()),
        shortest => password::SHORTEST,
        faults => errors.format(&ctx.visitor.language),
    };
    ctx.state.pages.render(status, "register.html", &ctx.visitor, ctx.site, page)
}
