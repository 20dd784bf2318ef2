//! `GET /static/{name}`: our own files.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::header;

use super::{error_pages::not_found_page, visitor::Visitor};
use crate::AppState;

pub(super) async fn handle(
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    visitor: Visitor,
) -> Response {
    let Some(asset) = name.ok().and_then(|Path(name)| state.pages.assets.get(&name)) else {
        return not_found_page(&state, &visitor);
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A picture of the operator's may be a document that could run scripts, if somebody opened it.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    (headers, asset.bytes.clone()).into_response()
}
