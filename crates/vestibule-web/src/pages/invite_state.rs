//! `GET /invite/{token}/state`: whether an invite can still be redeemed, for the script of an open page.
//!
//! The answer says no more than the page of the invite. It is a lookup like that of the page, without the page.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde::Serialize;
use vestibule_core::rules;

use super::{error_pages, state::PagesState, token_in_path::TokenInPath};
use crate::html::Visitor;

#[derive(Serialize)]
struct InviteState {
    /// `pending`, `used`, `expired` or `revoked`.
    state: &'static str,
}

pub(super) async fn handle(
    State(state): State<PagesState>,
    TokenInPath(token): TokenInPath,
    visitor: Visitor,
) -> Response {
    let service = &state.invite_service;
    let invite = match service.find(token.expose()).await {
        Ok(Some((invite, _))) => invite,
        Ok(None) => return error_pages::unknown_invite(&state, &visitor),
        Err(error) => return error_pages::unavailable(&state, &visitor, &error),
    };
    let answer = InviteState { state: rules::state(&invite, service.now()).as_str() };
    let mut response = Json(answer).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
