//! `/openapi.json` and `/docs`.

use std::{
    future::ready,
    sync::{Arc, OnceLock},
};

use axum::{Router, extract::State, response::Response, routing::get};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use minijinja::value::Serde;
use utoipa::openapi::{OpenApi, ServerBuilder};

use super::docs::DocsPage;
use crate::{AppState, fixed_content::FixedContent, http::Negotiation};

const JSON: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // The description is public, and API tools also run in browsers.
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
];

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

/// `/openapi.json` and `/docs`, rendered and compressed once.
pub(super) fn routes(description: OpenApi, state: &AppState) -> Router<AppState> {
    let page = DocsPage::read(&serde_json::to_value(&description).unwrap_or_default());
    let docs = Arc::new(Docs { page, rendered: OnceLock::new() });
    let description = FixedContent::text(write(&at(description, state.links.base())));
    let json = move |request: HeaderMap| {
        ready(description.respond(&Negotiation::of(&request), HeaderMap::from_iter(JSON)))
    };
    Router::new()
        .route("/openapi.json", get(json))
        .route(
            "/docs",
            get(move |State(state): State<AppState>, request: HeaderMap| {
                ready(docs.respond(&state, &Negotiation::of(&request)))
            }),
        )
        .layer(state.page_layer(None))
}

/// The documentation, which is rendered for the first request.
struct Docs {
    page: DocsPage,
    rendered: OnceLock<FixedContent>,
}

impl Docs {
    fn respond(&self, state: &AppState, negotiation: &Negotiation) -> Response {
        let renderer = &state.renderer;
        let content = match self.rendered.get() {
            Some(content) => content,
            None => match renderer.render_docs(Serde(&self.page).into()) {
                Ok(text) => self.rendered.get_or_init(|| FixedContent::text(text)),
                Err(response) => return *response,
            },
        };
        content.respond(negotiation, renderer.headers_to_revalidate())
    }
}
