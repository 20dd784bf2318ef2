//! The HTTP layer below all surfaces: the server and its limits, the client's address, the brute-force limiter,
//! metrics, and request ids.

mod bearer;
mod client_address;
mod limiter;
mod metrics;
mod negotiation;
mod networks;
mod redirect;
mod request_id;
mod request_layer;
mod request_span;
mod response_extensions;
mod server;
mod state;
mod validation;

pub(crate) use bearer::{Bearer, bearer};
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use client_address::Client;
pub(crate) use client_address::ClientGroup;
pub use client_address::{ClientAddressSource, ClientAddressSourceError, Peer};
pub use limiter::BruteForceLimiter;
pub use metrics::Metrics;
pub(crate) use negotiation::Negotiation;
pub use networks::{Networks, NetworksError};
pub(crate) use redirect::{allow_any_origin, redirect, without_trailing_slash};
pub(crate) use request_id::new_request_id;
pub(crate) use request_layer::{LayerContext, RequestLayer, Surface};
pub use request_span::RequestTraces;
pub(crate) use response_extensions::{AuthFailed, RefusalReason};
pub(crate) use server::BodyTimeout;
pub use server::{Limits, ServerConfig, listen, serve};
pub use state::HttpState;
