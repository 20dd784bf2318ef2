//! The page of an invite that cannot be redeemed.

use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};
use vestibule_core::{Kind, TokenRefusal, rules, rules::Renewal};

use super::{app_cards, error_pages::invite_gone_page, invite_context::InviteContext};
use crate::http::{RefusalReason, allow_any_origin};

/// Says why the invite cannot be redeemed, who sent it, and what to do now.
pub(super) fn show(ctx: &InviteContext, reason: TokenRefusal) -> Response {
    let page = invite_gone_page(reason, ctx.is_reset());
    let mut response = if page.status == StatusCode::NOT_FOUND {
        let values = context! {
            heading => page.heading,
            what => page.what,
            advice => page.advice,
            is_used => reason == TokenRefusal::Used,
            ..values(ctx)
        };
        ctx.state.renderer.render(page.status, "gone.html", &ctx.visitor, ctx.site(), values)
    } else {
        ctx.state.renderer.error_page(&ctx.visitor, ctx.site(), &page)
    };
    allow_any_origin(response.headers_mut());
    response.extensions_mut().insert(RefusalReason::from(reason));
    response
}

/// What the pages say about an invite that cannot be redeemed, without its token for apps.
pub(super) fn values(ctx: &InviteContext) -> Value {
    let (invite, site) = (&ctx.invite, ctx.site());
    let client_app = ctx.visitor.device.and_then(|device| site.first_app(device));
    context! {
        kind => invite.kind.as_str(),
        joins => invite.kind.makes_account(),
        site => ctx.site_name(),
        here => ctx.path(),
        inviter => ctx.inviter_name(),
        address => invite.username.as_ref().map(|username| username.at(&invite.host).to_string()),
        renewal => rules::renewal(invite, ctx.state.invite_service.now()).map(|renewal| match renewal {
            Renewal::Possible => "possible",
            Renewal::Requested => "requested",
        }),
        // The footer then says unfolded who runs the service.
        operator_open => ctx.inviter_name().is_none() && invite.kind != Kind::Contact,
        program => client_app.map(app_cards::card),
        login => client_app.and_then(|client_app| app_cards::login(client_app, &ctx.visitor)),
        sources => client_app.map(|client_app| app_cards::sources(client_app, &ctx.visitor, "")),
        webchat_url => site.webchat_url.as_deref(),
    }
}
