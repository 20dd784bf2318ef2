//! The HTTP surfaces of Vestibule, on one port: the API of Prosody's `mod_invites_api` ([`invites_api`]), the JSON
//! API ([`v1`]), the pages for invited people ([`pages`]), and the endpoints for operators ([`ops`]).
//!
//! This crate knows the domain, not the storage engines: it talks to a [`vestibule_core::InviteService`]. `http`
//! carries requests and knows no surface; `html` renders pages for all of them; a surface uses no other surface.
#![forbid(unsafe_code)]

mod assets;
mod challenge;
mod client_apps;
mod console;
mod escape;
mod fixed_content;
mod gzip;
mod html;
mod http;
mod i18n;
mod in_flight_forms;
pub mod invites_api;
mod links;
pub mod ops;
pub mod pages;
pub mod preview;
mod problem_type;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod properties;
mod qr;
mod site;
mod state;
pub mod v1;
#[cfg(test)]
mod wire_form;

pub use crate::http::{
    BruteForceLimiter, ClientAddressSource, ClientAddressSourceError, HttpState, Limits, Metrics, Networks,
    NetworksError, Peer, RequestTraces, ServerConfig, listen, serve,
};
pub use assets::AssetError;
pub use axum::Router;
pub use client_apps::{AppSelectionError, CustomApp, CustomAppError, Device};
pub use escape::Escaped;
pub use html::{TemplateError, Templates};
pub use i18n::UnknownLanguage;
pub use links::{LinkError, Links};
pub use qr::{Code, CodeError, Run};
pub use site::{ColourError, Site, SiteError, SiteErrorReason, SiteSettings, Sites, UnknownPromise};
pub use state::{AppState, SiteConfig};

/// All routes. They answer at the root and, if links have a path, below that path too, so that a reverse proxy can
/// either keep or strip it.
pub fn router(state: &AppState) -> Router {
    let routes = Router::new()
        .merge(invites_api::routes(state))
        .merge(pages::routes(state))
        .merge(console::routes(state))
        .merge(ops::routes(state))
        .merge(v1::routes(state));
    match state.links.path() {
        "" => routes,
        prefix => routes.clone().nest_service(prefix, routes),
    }
}
