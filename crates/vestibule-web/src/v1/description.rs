//! `/openapi.json` and `/docs`.

use std::{future::ready, sync::Arc};

use axum::{Router, body::Bytes, extract::State, response::Response, routing::get};
use http::{HeaderValue, header};
use minijinja::value::Serde;
use utoipa::openapi::{OpenApi, ServerBuilder};

use super::docs::DocsPage;
use crate::AppState;

/// Serializes a description, formatted for readable diffs.
pub(super) fn write(description: &OpenApi) -> String {
    description.to_pretty_json().map_or_else(
        |error| error.to_string(),
        |mut text| {
            text.push('\n');
            text
        },
    )
}

/// The description with the URL of the service.
pub(super) fn at(mut description: OpenApi, url: &str) -> OpenApi {
    description.servers = Some(vec![ServerBuilder::new().url(url).build()]);
    description
}

/// `/openapi.json` and `/docs`, rendered once.
pub(super) fn routes(description: OpenApi, state: &AppState) -> Router<AppState> {
    let page = Arc::new(DocsPage::read(&serde_json::to_value(&description).unwrap_or_default()));
    let text = Bytes::from(write(&at(description, state.links.base())));
    Router::new()
        .route("/openapi.json", get(move || ready(json(text.clone()))))
        .route("/docs", get(move |State(state): State<AppState>| ready(docs(&state, &page))))
        .layer(state.page_layer(None))
}

fn json(text: Bytes) -> Response {
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // The description is public, and API tools also run in browsers.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn docs(state: &AppState, page: &DocsPage) -> Response {
    state.renderer.render_docs(Serde(page).into())
}
