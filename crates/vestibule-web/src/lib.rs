//! The HTTP surfaces of Vestibule, on one port: the API of Prosody's `mod_invites_api` ([`legacy`]), the
//! pages that invited people see ([`pages`]), and what operators watch ([`ops`]).
//!
//! This crate knows the domain, not the storage engines: it talks to a [`vestibule_core::InviteService`].
#![forbid(unsafe_code)]

pub mod api;
mod app;
mod apps;
mod assets;
mod bearer;
mod client;
mod escape;
mod extensions;
mod http_state;
mod i18n;
pub mod legacy;
mod limiter;
mod links;
mod metrics;
mod networks;
pub mod ops;
pub mod pages;
mod qr;
mod recent_keys;
mod server;
mod site;
mod validation;

pub use app::{AppState, SiteConfig};
pub use apps::{ChoiceError, Device, OwnApp, OwnAppError};
pub use assets::AssetError;
pub use client::{ClientAddressSource, ClientAddressSourceError, Peer};
pub use http_state::{HttpState, REQUEST_SPANS};
pub use limiter::BruteForceLimiter;
pub use links::{LinkError, Links};
pub use metrics::Metrics;
pub use networks::{Networks, NetworksError};
pub use pages::{TemplateError, Templates};
pub use qr::{Code, CodeError, Run};
pub use server::{Limits, ServerConfig, listen, serve};
pub use site::{ColourError, Site, SiteError, SiteErrorReason, SiteSettings, Sites};

use axum::Router;

/// All routes. They answer at the root and, where links carry a path, below that path too, so that a
/// reverse proxy may pass it on or strip it.
pub fn router(app: AppState) -> Router {
    let prefix = app.links.path().to_owned();
    let routes = Router::new()
        .merge(legacy::routes())
        .merge(pages::routes())
        .merge(ops::routes())
        .merge(api::routes(&app))
        .fallback(pages::fallback)
        .layer(http_state::RequestLayer::to(&app))
        .with_state(app);
    if prefix.is_empty() { routes } else { routes.clone().nest_service(&prefix, routes) }
}
