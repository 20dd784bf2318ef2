//! `GET /invite/{token}/qr.svg`: the link of an invite as a QR code.

use axum::response::{IntoResponse, Response};
use http::header;

use super::invite_context::InviteContext;
use crate::qr::Code;

pub(super) async fn handle(ctx: InviteContext) -> Response {
    let link = ctx.state.links.link(&ctx.invite, &ctx.token);
    let Ok(code) = Code::of(&link) else {
        // The public URL is too long for a QR code.
        return ctx.not_found();
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    (headers, code.svg()).into_response()
}
