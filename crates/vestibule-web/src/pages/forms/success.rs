//! The page for somebody who has just got in.

use axum::response::Response;
use http::StatusCode;
use minijinja::context;
use vestibule_core::Username;

use crate::pages::{client_apps, invite_context::InviteContext};

/// Shows the address and what comes next. The password is not on the page: whoever chose it knows it.
pub(super) fn show(ctx: &InviteContext<'_>, username: &Username, client_app: Option<&str>) -> Response {
    let site = ctx.site;
    let device = ctx.visitor.device;
    let client_app = client_app.and_then(|id| site.client_app(id));
    let page = context! {
        site => ctx.site_name(),
        username => username.as_str(),
        address => username.at(&ctx.invite.host).to_string(),
        reset => ctx.is_reset(),
        webchat_url => site.webchat_url.as_deref(),
        program => client_app.map(client_apps::card),
        sources => client_app.map(|client_app| client_apps::sources(client_app, device, "")),
        programs => client_apps::with_sources(site, device),
    };
    ctx.state.pages.render(StatusCode::OK, "welcome.html", &ctx.visitor, site, page)
}
