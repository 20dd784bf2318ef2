//! `GET /invite/{token}/sheet`: a page to print, for somebody who sets an invited person up.
//!
//! Invites that make no account have none: there is nothing to write down.

use axum::response::Response;
use minijinja::{Value, context};

use super::{
    app_cards,
    invite_context::InviteContext,
    page_cache::{Audience, Placeholder},
};

pub(super) async fn handle(ctx: InviteContext) -> Response {
    if !ctx.has_sheet() {
        return ctx.not_found();
    }
    ctx.render("sheet.html", None, || values(&ctx))
}

fn values(ctx: &InviteContext) -> Value {
    let (invite, site) = (&ctx.invite, ctx.site());
    let device = ctx.visitor.device;
    let mark = Placeholder::mark;
    // Without an app that redeems invites, people register in the browser, and log in with the first app.
    let client_app = site.recommended_app(device).or_else(|| {
        let mut client_apps = site.client_apps.iter();
        client_apps.find(|client_app| device.is_some() && client_app.runs_on(device))
    });
    context! {
        site => ctx.site_name(),
        host => invite.host.as_str(),
        inviter => ctx.inviter_name().map(|_| mark(Placeholder::Inviter)),
        inviter_address => invite.inviter.as_ref().map(|_| {
            format!("{}@{}", mark(Placeholder::InviterUsername), invite.host)
        }),
        username => invite.username.as_ref().map(|_| mark(Placeholder::Username)),
        address => format!("{}@{}", mark(Placeholder::Username), invite.host),
        program => client_app.map(app_cards::card),
        login => client_app.and_then(|client_app| app_cards::login(client_app, &ctx.visitor)),
        registers => ctx.can_register(),
        for_one => ctx.audience() == Audience::One,
        places => ctx.audience().places(),
        token => mark(Placeholder::Token),
        link => mark(Placeholder::Link),
        expires_at => mark(Placeholder::ExpiresAt),
        expires_on => mark(Placeholder::ExpiresOn),
        devices => app_cards::devices(&ctx.visitor),
    }
}
