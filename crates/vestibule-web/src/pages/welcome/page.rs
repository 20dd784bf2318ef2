//! The contents of the page.

use axum::response::Response;
use http::StatusCode;
use minijinja::context;
use vestibule_core::{FormReceipt, Kind, account_uri};

use crate::pages::{app_cards, invite_context::InviteContext};

/// Shows the account and the next steps. The script adds the password, which the form has kept in the browser.
pub(super) fn show(ctx: &InviteContext, receipt: &FormReceipt) -> Response {
    let (invite, site) = (&ctx.invite, ctx.site());
    let inviter =
        invite.inviter.as_ref().filter(|_| invite.kind == Kind::AccountAndContact && ctx.adds_contacts());
    let groups: &[String] = if ctx.is_reset() || !ctx.adds_groups() { &[] } else { &invite.groups };
    let client_app = receipt.client_app.as_deref().and_then(|id| site.client_app(id));
    let client_app = client_app.or_else(|| site.first_app(ctx.visitor.device?));
    let values = context! {
        site => ctx.site_name(),
        host => invite.host.as_str(),
        here => ctx.path(),
        form => receipt.form.as_str(),
        username => receipt.username.as_str(),
        address => receipt.username.at(&invite.host).to_string(),
        account_uri => account_uri(&receipt.username, &invite.host),
        reset => ctx.is_reset(),
        inviter => inviter.and_then(|_| ctx.inviter_name()),
        message_uri => inviter.map(|inviter| format!("{}?message", account_uri(inviter, &invite.host))),
        groups => (!groups.is_empty()).then(|| ctx.visitor.language.list(groups)),
        group_count => groups.len(),
        webchat_url => site.webchat_url.as_deref(),
        program => client_app.map(app_cards::card),
        login => client_app.and_then(|client_app| app_cards::login(client_app, &ctx.visitor)),
        sources => client_app.map(|client_app| app_cards::sources(client_app, &ctx.visitor, "")),
        programs => app_cards::with_sources(site, &ctx.visitor),
    };
    ctx.state.renderer.render(StatusCode::OK, "welcome.html", &ctx.visitor, site, values)
}
