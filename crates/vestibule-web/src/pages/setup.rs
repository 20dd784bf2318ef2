//! `GET /invite/{token}/apps/{state}`: from an invite to an account, with one app.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use http::{Method, Uri};
use minijinja::context;

use super::{
    canonical, client_apps,
    error_pages::not_found_page,
    invite_context::{InviteContext, TokenInPath},
    page_cache::Placeholder,
    visitor::Visitor,
};
use crate::AppState;

pub(super) async fn handle(
    State(state): State<AppState>,
    TokenInPath(token): TokenInPath,
    path: Result<Path<(String, String)>, PathRejection>,
    visitor: Visitor,
    method: Method,
    uri: Uri,
) -> Response {
    let Ok(Path((_, id))) = path else {
        return not_found_page(&state, &visitor);
    };
    let ctx = match InviteContext::find(&state, token, visitor).await {
        Ok(ctx) => ctx,
        Err(answer) => return answer,
    };
    let Some(client_app) = ctx.site.client_app(&id) else {
        // Something may cling to the id, as to a token.
        let redirect = canonical::redirect(&state, &method, &uri);
        return redirect.unwrap_or_else(|| not_found_page(&state, &ctx.visitor));
    };
    let page = || {
        context! {
            program => client_apps::card(client_app),
            sources => client_apps::sources(client_app, ctx.visitor.device, &Placeholder::UriEncoded.mark()),
            kind => ctx.invite.kind.as_str(),
            site => ctx.site_name(),
            inviter => Placeholder::Inviter.mark(),
            uri => Placeholder::Uri.mark(),
            token => Placeholder::Token.mark(),
            registers => ctx.may_register(),
        }
    };
    let shape = ctx.shape("setup.html", Some(&client_app.id));
    state.pages.fill(shape, &ctx.visitor, ctx.site, page, |slot| ctx.value(slot))
}
