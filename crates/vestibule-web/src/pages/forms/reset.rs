//! `/invite/{token}/reset`: a new password, set in the browser.

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use minijinja::context;
use vestibule_core::{TokenRefusal, Username};

use super::{
    errors::{FormError, FormErrors},
    form_data::FormData,
    grant::{self, FormGrant},
    password, same_site,
    submit::{Form, submit},
};
use crate::{
    AppState,
    pages::{
        error_pages::not_found_page,
        invite_context::{InviteContext, TokenInPath},
        visitor::Visitor,
    },
};

/// `GET`: the form.
pub(in crate::pages) async fn show(
    State(state): State<AppState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
) -> Response {
    match InviteContext::find(&state, token, visitor).await {
        Ok(ctx) => match owner(&ctx) {
            Some(username) => {
                form(&ctx, StatusCode::OK, &username, &FormGrant::of_now(&ctx), &FormErrors::default())
            }
            None => not_found_page(&state, &ctx.visitor),
        },
        Err(answer) => answer,
    }
}

/// `POST`: the password.
pub(in crate::pages) async fn send(
    State(state): State<AppState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let foreign = !same_site::from_here(&headers, state.links.base());
    let form_data = FormData::read(&headers, body).await;
    let (ctx, why) = match InviteContext::look(&state, token, visitor).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let is_used = why == Some(TokenRefusal::Used);
    let grant = form_data.as_ref().and_then(|form_data| FormGrant::form_data(&ctx, &form_data.grant));
    // Whatever name was sent: with the token of a reset, the XMPP server may make an account of any other.
    let Some(username) = owner(&ctx) else {
        return not_found_page(&state, &ctx.visitor);
    };
    if let Some(why) = grant::refusal(why, grant.as_ref()) {
        return ctx.gone_page(why);
    }
    let grant = grant.unwrap_or_else(|| FormGrant::of_now(&ctx));
    let show_form = |status, errors: &FormErrors| form(&ctx, status, &username, &grant, errors);
    let form_data = match form_data {
        Some(form_data) if !foreign => form_data,
        _ => {
            let errors = FormErrors::alert("form-foreign-heading", FormError::new("form-foreign"));
            return show_form(StatusCode::FORBIDDEN, &errors);
        }
    };
    let known = [username.as_str(), ctx.invite.host.as_str(), ctx.site_name()];
    match password::check(&form_data.password, &known) {
        Ok(password) => {
            let preauth = grant.preauth(&ctx);
            let form = Form { username: username.clone(), password, preauth, client_app: None };
            submit(&ctx, is_used, form, show_form).await
        }
        Err(error) => show_form(StatusCode::UNPROCESSABLE_ENTITY, &FormErrors::password(error)),
    }
}

/// Whose password it is, where the invite is for that and passwords can be set here.
fn owner(ctx: &InviteContext<'_>) -> Option<Username> {
    let here = ctx.is_reset() && ctx.state.registrar.is_some();
    ctx.invite.username.clone().filter(|_| here)
}

fn form(
    ctx: &InviteContext<'_>,
    status: StatusCode,
    username: &Username,
    grant: &FormGrant,
    errors: &FormErrors,
) -> Response {
    let page = context! {
        site => ctx.site_name(),
        token => ctx.token.expose(),
        grant => grant.as_str(),
        address => username.at(&ctx.invite.host).to_string(),
        shortest => password::SHORTEST,
        faults => errors.format(&ctx.visitor.language),
    };
    ctx.state.pages.render(status, "reset.html", &ctx.visitor, ctx.site, page)
}
