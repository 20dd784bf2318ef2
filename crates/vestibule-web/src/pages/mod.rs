//! The pages for invited people.

mod app_cards;
mod asset;
mod canonical;
mod error_pages;
mod forms;
mod front;
mod invite_context;
mod invite_gone;
mod invite_state;
mod joined;
mod landing;
mod open_link;
mod page_cache;
mod preview;
mod qr;
mod renewal;
mod setup;
mod sheet;
mod state;
mod template_check;
mod token_in_path;
mod welcome;

use axum::{
    Router,
    response::IntoResponse,
    routing::{get, post},
};
use http::{StatusCode, header};

use crate::AppState;
pub(crate) use forms::is_same_site;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use forms::properties;
use forms::{register, reset, username_check};

/// `/`, `/invite/...`, `/static/...`, and the fallback for all other addresses.
pub(crate) fn routes(state: &AppState) -> Router {
    Router::new()
        .route("/", get(front::show).post(front::open))
        .route("/invite/{token}", get(landing::handle))
        .route("/invite/{token}/apps/{app}", get(setup::handle))
        .route("/invite/{token}/joined", get(joined::handle))
        .route("/invite/{token}/qr.svg", get(qr::handle))
        .route("/invite/{token}/register", get(register::show).post(register::submit))
        .route("/invite/{token}/renewal", post(renewal::handle))
        .route("/invite/{token}/reset", get(reset::show).post(reset::submit))
        .route("/invite/{token}/state", get(invite_state::handle))
        .route("/invite/{token}/sheet", get(sheet::handle))
        .route("/invite/{token}/username", get(username_check::handle))
        .route("/invite/{token}/welcome", get(welcome::handle))
        .route("/preview/{name}", get(preview::handle))
        .route("/static/{name}", get(asset::handle))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(error_pages::fallback)
        .layer(state.page_layer(Some("/invite/")))
        .with_state(state::PagesState::new(state))
}

async fn method_not_allowed() -> impl IntoResponse {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")])
}
