//! `GET /invite/{token}/apps/{app}`: instructions to redeem an invite with an app.

use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use http::{Method, Uri};
use minijinja::context;

use super::{app_cards, canonical, invite_context::InviteContext, page_cache::Placeholder};

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
            sources => app_cards::sources(client_app, ctx.visitor.device, &Placeholder::UriEncoded.mark()),
            login => app_cards::login(client_app, &ctx.visitor),
            kind => ctx.invite.kind.as_str(),
            site => ctx.site_name(),
            inviter => Placeholder::Inviter.mark(),
            uri => Placeholder::Uri.mark(),
            token => Placeholder::Token.mark(),
            registers => ctx.can_register(),
        }
    };
    let key = ctx.cache_key("setup.html", Some(&client_app.id));
    let cache = &ctx.state.page_cache;
    cache.render(&ctx.state.renderer, key, &ctx.visitor, ctx.site(), values, |slot| ctx.value(slot))
}
