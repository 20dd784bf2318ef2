//! `GET /invite/{token}`: the first page about an invite.

use axum::response::Response;
use http::{HeaderValue, header};
use minijinja::{Value, context};
use vestibule_core::Kind;

use super::{app_cards, invite_context::InviteContext, page_cache::Placeholder};
use crate::http::allow_any_origin;

/// Shows an invite. A GET request never uses it.
pub(super) async fn handle(ctx: InviteContext) -> Response {
    let key = ctx.cache_key("landing.html", None);
    let (cache, renderer) = (&ctx.state.page_cache, &ctx.state.renderer);
    let mut response =
        cache.render(renderer, key, &ctx.visitor, ctx.site(), || values(&ctx), |slot| ctx.value(slot));
    let headers = response.headers_mut();
    // Apps of any origin read the URI from here, and expect exactly this spacing.
    if let Ok(link) = HeaderValue::try_from(format!("<{}>; rel=\"alternate\"", ctx.uri)) {
        headers.insert(header::LINK, link);
    }
    allow_any_origin(headers);
    response
}

fn values(ctx: &InviteContext) -> Value {
    let (invite, site) = (&ctx.invite, ctx.site());
    let device = ctx.visitor.device;
    let list = app_cards::list(site, device);
    // If no app for this device can redeem an invite, the page offers the account first.
    let app_first = !ctx.can_register()
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
        registers => ctx.can_register(),
        resets => ctx.is_reset() && ctx.state.registrar.is_some(),
        app_first,
        device => device.map(|device| device.name(&ctx.visitor.language)),
        devices => app_cards::devices(&ctx.visitor),
        programs => list,
    }
}
