//! `GET /invite/{token}/apps/{app}`: instructions to redeem an invite with an app.

use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use http::{Method, Uri};
use minijinja::context;

use super::{
    app_cards, canonical,
    invite_context::InviteContext,
    open_link::{Opens, open_link},
    page_cache::{Audience, Placeholder},
};

pub(super) async fn handle(
    ctx: InviteContext,
    path: Result<Path<(String, String)>, PathRejection>,
    method: Method,
    uri: Uri,
) -> Response {
    let Ok(Path((_, id))) = path else {
        return ctx.not_found();
    };
    let Some(client_app) = ctx.site().client_app(&id) else {
        // Punctuation may follow the id, as it may follow a token.
        let redirect = canonical::redirect(&ctx.state, &method, &uri);
        return redirect.unwrap_or_else(|| ctx.not_found());
    };
    let values = || {
        context! {
            program => app_cards::card(client_app),
            sources => app_cards::sources(client_app, &ctx.visitor, &Placeholder::UriEncoded.mark()),
            login => app_cards::login(client_app, &ctx.visitor),
            kind => ctx.invite.kind.as_str(),
            site => ctx.site_name(),
            inviter => ctx.inviter_name().map(|_| Placeholder::Inviter.mark()),
            inviter_address => format!("{}@{}", Placeholder::InviterUsername.mark(), ctx.invite.host),
            uri => Placeholder::Uri.mark(),
            open => open_link(ctx.visitor.device, Opens::App(client_app), &|placeholder| placeholder.mark()),
            link => Placeholder::Link.mark(),
            is_elsewhere => ctx.visitor.device.is_some_and(|device| !client_app.runs_on(Some(device))),
            token => Placeholder::Token.mark(),
            registers => ctx.can_register(),
            for_one => ctx.audience() == Audience::One,
        }
    };
    ctx.render("setup.html", Some(&client_app.id), values)
}
