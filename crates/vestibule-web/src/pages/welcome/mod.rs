//! `GET /invite/{token}/welcome`: the page after a form has created an account or set a password.
//!
//! A form that succeeds redirects here with a receipt in a cookie, which only this page gets. So the page survives a
//! reload and a discarded tab, and says "done" only to the browser whose form succeeded. It never contains the password:
//! the script of the form keeps it for the tab, and the script of this page shows it.

mod cookie;
mod page;

use axum::{extract::State, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use vestibule_core::{FormReceipt, Username};

use super::{invite_context::InviteContext, state::PagesState, token_in_path::TokenInPath};
use crate::{client_apps::ClientApp, html::Visitor, http::redirect};

/// The last segment of the path.
const SEGMENT: &str = "/welcome";

/// Shows the page to the browser with a receipt; others are redirected to the page of the invite.
pub(super) async fn handle(
    State(state): State<PagesState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let ctx = match InviteContext::find(state, token, visitor).await {
        Ok((ctx, _)) => ctx,
        Err(not_found) => return not_found.page(),
    };
    let service = &ctx.state.invite_service;
    match cookie::values(&headers).find_map(|text| service.open_receipt(ctx.invite.id, text)) {
        Some(receipt) => page::show(&ctx, &receipt),
        None => redirect(StatusCode::SEE_OTHER, &address(&ctx, "")),
    }
}

/// The response to a form that has succeeded: a redirect to the page, with a receipt for the browser.
///
/// `form` is the name that the page of the form gave it.
pub(super) fn after_form(
    ctx: &InviteContext,
    username: &Username,
    client_app: Option<&ClientApp>,
    form: &str,
) -> Response {
    let service = &ctx.state.invite_service;
    let receipt = FormReceipt {
        invite: ctx.invite.id,
        at: service.now(),
        username: username.clone(),
        form: form.to_owned(),
        client_app: client_app.map(|client_app| client_app.id.clone()),
    };
    let path = format!("{}{SEGMENT}", ctx.path());
    let is_https = ctx.state.links.base_of(&ctx.invite.host).starts_with("https://");
    let sealed = service.seal_receipt(&receipt);
    let cookie = sealed.map(|text| HeaderValue::try_from(cookie::set(&text, &path, is_https)));
    let Ok(Ok(cookie)) = cookie else {
        // Without randomness the page has no address of its own, but the account exists.
        return page::show(ctx, &receipt);
    };
    let mut response = redirect(StatusCode::SEE_OTHER, &address(ctx, SEGMENT));
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

/// The address of a page of the invite, in the chosen language.
fn address(ctx: &InviteContext, page: &str) -> String {
    format!("{}{page}{}", ctx.path(), ctx.visitor.keep())
}
