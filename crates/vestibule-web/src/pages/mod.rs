//! The pages that invited people see.

mod asset;
mod landing;
mod missing;
mod render;

use axum::{Router, routing::get};

pub use render::Pages;

use crate::App;

pub(crate) use missing::{not_found, too_many_guesses};

/// `/invite/...` and `/static/...`.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/invite/{token}", get(landing::handle)).route("/static/{name}", get(asset::handle))
}
