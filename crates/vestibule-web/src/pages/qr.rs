//! `GET /invite/{token}/qr.svg`: the link of an invite as a QR code.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::invite_context::InviteContext;
use crate::{fixed_content::FixedContent, qr::Code};

const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
    (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
];

pub(super) async fn handle(ctx: InviteContext) -> Response {
    let link = ctx.state.links.link(&ctx.invite, &ctx.token);
    let Ok(code) = Code::of(&link) else {
        // The public URL is too long for a QR code.
        return ctx.not_found();
    };
    let mut headers = HeaderMap::with_capacity(8);
    headers.extend(HEADERS);
    // Not compressed: that would cost more than the picture.
    FixedContent::binary(code.svg()).respond(ctx.negotiation(), headers)
}
