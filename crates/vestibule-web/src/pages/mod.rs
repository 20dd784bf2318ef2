//! The pages that invited people see.

mod asset;
mod forms;
mod invited;
mod landing;
mod missing;
mod old_links;
mod programs;
mod qr;
mod reader;
mod render;
mod samples;
mod setup;
mod skeleton;
mod templates;

use axum::{Router, routing::get};

pub use render::Pages;
pub use templates::{TemplateError, Templates};

use crate::App;
use forms::{register, reset, username};

pub(crate) use forms::Underway;
pub(crate) use missing::{not_found, too_many_guesses};
pub(crate) use reader::Reader;

/// `/invite/...`, the links of old, and `/static/...`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/invite/{token}", get(landing::handle))
        .route("/invite/{token}/apps/{app}", get(setup::handle))
        .route("/invite/{token}/qr.svg", get(qr::handle))
        .route("/invite/{token}/register", get(register::show).post(register::send))
        .route("/invite/{token}/reset", get(reset::show).post(reset::send))
        .route("/invite/{token}/username", get(username::handle))
        .route("/invite", get(old_links::page))
        .route("/invites_page", get(old_links::page))
        .route("/register", get(old_links::register))
        .route("/static/{name}", get(asset::handle))
}
