//! The page after an account was created or a password set.

use axum::response::Response;
use http::StatusCode;
use minijinja::context;
use vestibule_core::Username;

use crate::{
    client_apps::ClientApp,
    pages::{app_cards, invite_context::InviteContext},
};

/// Shows the address and the next steps. The page does not repeat the password.
pub(super) fn show(ctx: &InviteContext, username: &Username, client_app: Option<&ClientApp>) -> Response {
    let (site, device) = (ctx.site(), ctx.visitor.device);
    let values = context! {
        site => ctx.site_name(),
        username => username.as_str(),
        address => username.at(&ctx.invite.host).to_string(),
        reset => ctx.is_reset(),
        webchat_url => site.webchat_url.as_deref(),
        program => client_app.map(app_cards::card),
        sources => client_app.map(|client_app| app_cards::sources(client_app, device, "")),
        programs => app_cards::with_sources(site, device),
    };
    ctx.state.renderer.render(StatusCode::OK, "welcome.html", &ctx.visitor, site, values)
}
