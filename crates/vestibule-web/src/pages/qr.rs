//! `GET /invite/{token}/qr.svg`: the link to the page, for the camera of a phone.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;

use super::{
    error_pages::not_found_page,
    invite_context::{InviteContext, TokenInPath},
    visitor::Visitor,
};
use crate::{AppState, qr::Code};

pub(super) async fn handle(
    State(state): State<AppState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
) -> Response {
    let ctx = match InviteContext::find(&state, token, visitor).await {
        Ok(ctx) => ctx,
        Err(answer) => return answer,
    };
    let link = state.links.link(&ctx.invite, &ctx.token);
    let Ok(code) = Code::of(&link) else {
        // A public URL of more than a thousand letters.
        return not_found_page(&state, &ctx.visitor);
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    (headers, code.svg()).into_response()
}
