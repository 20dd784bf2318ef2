//! `GET /static/{name}`: style sheets, scripts and logos.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::header;

use super::{error_pages, state::PagesState};
use crate::html::Visitor;

pub(super) async fn handle(
    State(state): State<PagesState>,
    name: Result<Path<String>, PathRejection>,
    visitor: Visitor,
) -> Response {
    let Some(asset) = name.ok().and_then(|Path(name)| state.renderer.assets.get(&name)) else {
        return error_pages::not_found(&state, &visitor);
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // An operator's logo can be an SVG document with scripts, which would run if somebody opened it.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    (headers, asset.bytes.clone()).into_response()
}
