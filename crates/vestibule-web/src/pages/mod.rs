//! The pages that invited people see.

mod asset;
mod canonical;
mod forms;
mod invited;
mod landing;
mod missing;
mod programs;
mod qr;
mod reader;
mod render;
mod samples;
mod setup;
mod skeleton;
mod templates;

use axum::{Router, response::IntoResponse, routing::get};
use http::{StatusCode, header};

pub use render::Pages;
pub use templates::{TemplateError, Templates};

use crate::App;
use forms::{register, reset, username};

pub(crate) use canonical::without_slash;
pub(crate) use forms::Underway;
pub(crate) use missing::{fallback, not_found, too_many_guesses};
pub(crate) use reader::Reader;

async fn method_not_allowed() -> impl IntoResponse {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")])
}

/// `/invite/...` and `/static/...`. Other addresses of invites are redirected ([`canonical`]).
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/invite/{token}", get(landing::handle))
        .route("/invite/{token}/apps/{app}", get(setup::handle))
        .route("/invite/{token}/qr.svg", get(qr::handle))
        .route("/invite/{token}/register", get(register::show).post(register::send))
        .route("/invite/{token}/reset", get(reset::show).post(reset::send))
        .route("/invite/{token}/username", get(username::handle))
        .route("/static/{name}", get(asset::handle))
        .method_not_allowed_fallback(method_not_allowed)
}
