//! `GET /static/{name}`: style sheets, scripts and logos.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{error_pages, state::PagesState};
use crate::{html::Visitor, http::Negotiation};

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // An operator's logo can be an SVG document with scripts, which would run if somebody opened it.
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ),
];

pub(super) async fn handle(
    State(state): State<PagesState>,
    name: Result<Path<String>, PathRejection>,
    visitor: Visitor,
    request: HeaderMap,
) -> Response {
    let Some(asset) = name.ok().and_then(|Path(name)| state.renderer.assets.get(&name)) else {
        return error_pages::not_found(&state, &visitor);
    };
    let mut headers = HeaderMap::with_capacity(8);
    headers.extend(HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    asset.content.respond(&Negotiation::of(&request), headers)
}
