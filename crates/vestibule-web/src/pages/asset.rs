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

/// A style sheet and the name that follows from its content.
#[derive(Debug)]
pub(super) struct Style {
    pub(super) name: String,
    text: &'static str,
}

impl Style {
    /// That of the pages for invited people.
    pub(super) fn pages() -> Self {
        Self::named("style", include_str!("../../static/style.css"))
    }

    /// That of the API's documentation.
    pub(super) fn docs() -> Self {
        Self::named("docs", include_str!("../../static/docs.css"))
    }

    fn named(stem: &str, text: &'static str) -> Self {
        let digest = Sha256::digest(text);
        let mut name = format!("{stem}-");
        for byte in &digest[..8] {
            // Writing to a String cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(".css");
        Self { name, text }
    }
}

pub(super) async fn handle(State(app): State<App>, name: Result<Path<String>, PathRejection>) -> Response {
    let styles = [&app.pages.style, &app.pages.docs_style];
    let wanted = |style: &&&Style| name.as_ref().is_ok_and(|Path(name)| *name == style.name);
    let Some(style) = styles.iter().find(wanted) else {
        return not_found(State(app)).await;
    };
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, style.text).into_response()
}
