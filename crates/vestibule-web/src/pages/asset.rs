//! `GET /static/{name}`: our own files.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::header;

use super::{missing::nothing_here, reader::Reader};
use crate::App;

pub(super) async fn handle(
    State(app): State<App>,
    name: Result<Path<String>, PathRejection>,
    reader: Reader,
) -> Response {
    let Some(asset) = name.ok().and_then(|Path(name)| app.pages.assets.get(&name)) else {
        return nothing_here(&app, &reader);
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
