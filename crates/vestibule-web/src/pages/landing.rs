//! `GET /invite/{token}`: who invites, to what, and what to do now.

use axum::{extract::State, response::Response};
use http::{HeaderValue, header};
use minijinja::{Value, context};
use vestibule_core::Kind;

use super::{
    client_apps,
    error_pages::share_with_web_clients,
    invite_context::{InviteContext, TokenInPath},
    page_cache::{CacheKey, Placeholder},
    visitor::Visitor,
};
use crate::{AppState, apps::Device};

/// Shows what the invite offers. Looking never uses it up.
pub(super) async fn handle(
    State(state): State<AppState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
) -> Response {
    let ctx = match InviteContext::find(&state, token, visitor).await {
        Ok(ctx) => ctx,
        Err(answer) => return answer,
    };
    let shape = CacheKey { client_app: None, ..ctx.shape("landing.html", None) };
    let page = || page(&ctx);
    let mut response = state.pages.fill(shape, &ctx.visitor, ctx.site, page, |slot| ctx.value(slot));
    let headers = response.headers_mut();
    // Apps read the URI from here, with exactly this spacing, also across origins.
    if let Ok(link) = HeaderValue::try_from(format!("<{}>; rel=\"alternate\"", ctx.uri)) {
        headers.insert(header::LINK, link);
    }
    share_with_web_clients(headers);
    response
}

fn page(ctx: &InviteContext<'_>) -> Value {
    let (invite, site) = (&ctx.invite, ctx.site);
    let device = ctx.visitor.device;
    let list = client_apps::list(site, device);
    // Where no app of this device can do anything with the invite, the account comes first.
    let app_first = !ctx.may_register()
        || site.client_apps.iter().any(|client_app| client_app.runs_on(device) && client_app.takes_invites);
    context! {
        kind => invite.kind.as_str(),
        joins => invite.kind.makes_account(),
        contact => invite.kind == Kind::AccountAndContact,
        site => ctx.site_name(),
        host => invite.host.as_str(),
        inviter => invite.inviter.as_ref().map(|_| Placeholder::Inviter.mark()),
        initial => Placeholder::Initial.mark(),
        inviter_address => format!("{}@{}", Placeholder::Inviter.mark(), invite.host),
        username => invite.username.as_ref().map(|_| Placeholder::Username.mark()),
        address => format!("{}@{}", Placeholder::Username.mark(), invite.host),
        places => ctx.remaining_uses(),
        uri => Placeholder::Uri.mark(),
        token => Placeholder::Token.mark(),
        link => Placeholder::Link.mark(),
        expires_at => Placeholder::ExpiresAt.mark(),
        expires_on => Placeholder::ExpiresOn.mark(),
        registers => ctx.may_register(),
        resets => ctx.is_reset() && ctx.state.registrar.is_some(),
        app_first,
        device => device.map(Device::name),
        devices => client_apps::devices(&ctx.visitor),
        programs => list,
    }
}
