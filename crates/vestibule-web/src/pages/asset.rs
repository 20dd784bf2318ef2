//! `GET /static/{name}`: our own files, named by their content, so that they never change.

use std::fmt::Write;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::header;
use sha2::{Digest, Sha256};

use super::missing::not_found;
use crate::App;

const STYLE: &str = include_str!("../../static/style.css");

/// The style sheet and the name that follows from its content.
#[derive(Debug)]
pub(super) struct Style {
    pub(super) name: String,
}

impl Style {
    pub(super) fn new() -> Self {
        let digest = Sha256::digest(STYLE);
        let mut name = String::from("style-");
        for byte in &digest[..8] {
            // Writing to a String cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(".css");
        Self { name }
    }
}

pub(super) async fn handle(State(app): State<App>, name: Result<Path<String>, PathRejection>) -> Response {
    if !name.is_ok_and(|Path(name)| name == app.pages.style.name) {
        return not_found(State(app)).await;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, STYLE).into_response()
}
