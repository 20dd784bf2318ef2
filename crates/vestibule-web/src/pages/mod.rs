//! The pages that invited people see.

mod asset;
mod canonical;
mod client_apps;
mod error_pages;
mod forms;
mod invite_context;
mod landing;
mod page_cache;
mod qr;
mod render;
mod samples;
mod setup;
mod templates;
mod visitor;

use axum::{Router, response::IntoResponse, routing::get};
use http::{StatusCode, header};

pub use render::Pages;
pub use templates::{TemplateError, Templates};

use crate::AppState;
use forms::{register, reset, username};

pub(crate) use canonical::without_slash;
pub(crate) use error_pages::{fallback, not_found, too_many_requests};
pub(crate) use forms::InFlightForms;
pub(crate) use visitor::Visitor;

async fn method_not_allowed() -> impl IntoResponse {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")])
}

/// `/invite/...` and `/static/...`. Other addresses of invites are redirected ([`canonical`]).
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/invite/{token}", get(landing::handle))
        .route("/invite/{token}/apps/{state}", get(setup::handle))
        .route("/invite/{token}/qr.svg", get(qr::handle))
        .route("/invite/{token}/register", get(register::show).post(register::send))
        .route("/invite/{token}/reset", get(reset::show).post(reset::send))
        .route("/invite/{token}/username", get(username::handle))
        .route("/static/{name}", get(asset::handle))
        .method_not_allowed_fallback(method_not_allowed)
}
