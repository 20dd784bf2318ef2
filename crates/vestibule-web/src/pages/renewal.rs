//! `POST /invite/{token}/renewal`: the holder of an invite asks for its renewal.
//!
//! The answer is a redirect to the page of the invite, which shows whether a request was recorded. So a reload repeats
//! nothing, and two taps are one request.

use axum::{
    body::{Body, to_bytes},
    extract::State,
    response::Response,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use vestibule_core::{StoreError, rules, rules::Renewal};

use super::{
    error_pages, forms::is_same_site, invite_context::InviteContext, state::PagesState,
    token_in_path::TokenInPath,
};
use crate::{html::Visitor, http::redirect};

/// The maximum size of the body, in bytes. The form has no fields.
const MAX_BYTES: usize = 1 << 10;

pub(super) async fn handle(
    State(state): State<PagesState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let is_read = to_bytes(body, MAX_BYTES).await.is_ok();
    let lookup = token.lookup_key();
    let ctx = match InviteContext::find(state, token, visitor).await {
        Ok((ctx, _)) => ctx,
        Err(not_found) => return not_found.page(),
    };
    // A page of another site asks for nothing; the reader can do so on the page of the invite.
    let is_same_site = is_same_site(&headers, ctx.state.links.base_of(&ctx.invite.host));
    let service = &ctx.state.invite_service;
    if is_same_site && rules::renewal(&ctx.invite, service.now()) == Some(Renewal::Possible) {
        match service.store().request_renewal(lookup).await {
            Ok(_) => {}
            // The host was removed.
            Err(StoreError::Refused(_)) => return ctx.not_found(),
            Err(error) => return error_pages::unavailable(&ctx.state, &ctx.visitor, &error),
        }
    }
    let mut response = redirect(StatusCode::SEE_OTHER, &format!("{}{}", ctx.path(), ctx.visitor.keep()));
    if !is_read {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
