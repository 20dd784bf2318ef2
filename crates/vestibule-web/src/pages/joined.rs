//! `GET /invite/{token}/joined`: for people who have joined elsewhere, in an app or on another device.
//!
//! The script of an open page leads here once the invite is used, and a link does so without scripts. A used invite
//! proves that somebody has joined with it, not that the reader has, so the page leaves that open.

use axum::{extract::State, response::Response};
use http::StatusCode;
use minijinja::context;
use vestibule_core::TokenRefusal;

use super::{
    invite_context::InviteContext, invite_gone, page_cache::Audience, state::PagesState,
    token_in_path::TokenInPath,
};
use crate::{html::Visitor, http::redirect};

pub(super) async fn handle(
    State(state): State<PagesState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
) -> Response {
    let (ctx, refusal) = match InviteContext::find(state, token, visitor).await {
        Ok(found) => found,
        Err(not_found) => return not_found.page(),
    };
    let has_joined = match refusal {
        None => false,
        Some(TokenRefusal::Used) => true,
        Some(reason) => return ctx.gone(reason),
    };
    // Nothing is known about one of many people, and a reset creates no account.
    if ctx.audience() != Audience::One || !ctx.invite.kind.makes_account() {
        return redirect(StatusCode::SEE_OTHER, &format!("{}{}", ctx.path(), ctx.visitor.keep()));
    }
    let values = context! { has_joined, ..invite_gone::values(&ctx) };
    ctx.state.renderer.render(StatusCode::OK, "joined.html", &ctx.visitor, ctx.site(), values)
}
