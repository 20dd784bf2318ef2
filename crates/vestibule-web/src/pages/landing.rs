//! `GET /invite/{token}`: the first page about an invite.

use axum::response::Response;
use http::{HeaderValue, header};
use minijinja::{Value, context};
use vestibule_core::Kind;

use super::{
    app_cards,
    invite_context::InviteContext,
    open_link::{Opens, open_link},
    page_cache::{Audience, Placeholder},
};
use crate::{client_apps::Device, http::allow_any_origin};

/// Shows an invite. A GET request never uses it.
pub(super) async fn handle(ctx: InviteContext) -> Response {
    let mut response = ctx.render("landing.html", None, || values(&ctx));
    let headers = response.headers_mut();
    // Apps of any origin read the URI from here, and expect exactly this spacing.
    if ctx.opens_in_apps()
        && let Ok(link) = HeaderValue::try_from(format!("<{}>; rel=\"alternate\"", ctx.uri))
    {
        headers.insert(header::LINK, link);
    }
    allow_any_origin(headers);
    response
}

fn values(ctx: &InviteContext) -> Value {
    let site = ctx.site();
    let device = ctx.visitor.device;
    let recommended = site.recommended_app(device);
    let mark = |placeholder: Placeholder| placeholder.mark();
    context! {
        open => ctx.opens_in_apps().then(|| open_link(device, Opens::Any(recommended), &mark)),
        app => recommended.and_then(|app| app_cards::recommended(app, device, &mark(Placeholder::UriEncoded))),
        app_store_id => recommended
            .filter(|_| site.app_store_banner && device == Some(Device::Ios))
            .and_then(|app| app.app_store_id(Device::Ios)),
        registers => ctx.can_register(),
        resets => ctx.can_reset(),
        ..invite_values(ctx)
    }
}

/// What the page says about the invite.
fn invite_values(ctx: &InviteContext) -> Value {
    let (invite, site) = (&ctx.invite, ctx.site());
    let device = ctx.visitor.device;
    let mark = Placeholder::mark;
    context! {
        kind => invite.kind.as_str(),
        joins => invite.kind.makes_account(),
        contact => invite.kind == Kind::AccountAndContact && ctx.adds_contacts(),
        site => ctx.site_name(),
        host => invite.host.as_str(),
        inviter => ctx.inviter_name().map(|_| mark(Placeholder::Inviter)),
        initial => mark(Placeholder::Initial),
        inviter_address => format!("{}@{}", mark(Placeholder::InviterUsername), invite.host),
        message => invite.message.as_ref().map(|_| mark(Placeholder::Message)),
        groups => mark(Placeholder::Groups),
        group_count => if ctx.adds_groups() { invite.groups.len() } else { 0 },
        username => invite.username.as_ref().map(|_| mark(Placeholder::Username)),
        address => format!("{}@{}", mark(Placeholder::Username), invite.host),
        for_one => ctx.audience() == Audience::One,
        places => ctx.audience().places(),
        expires_soon => ctx.expires_soon(),
        preview_url => ctx.state.painter.as_ref().map(|_| mark(Placeholder::Preview)),
        expires_at => mark(Placeholder::ExpiresAt),
        expires_on => mark(Placeholder::ExpiresOn),
        uri => mark(Placeholder::Uri),
        token => mark(Placeholder::Token),
        link => mark(Placeholder::Link),
        promises => site.promises.iter().map(|promise| promise.message()).collect::<Vec<_>>(),
        webchat_url => site.webchat_url.as_deref(),
        in_app_browser => ctx.visitor.in_app_browser,
        device => device.map(|device| device.name(&ctx.visitor.language)),
        devices => app_cards::devices(&ctx.visitor),
        programs => app_cards::list(site, device),
    }
}
