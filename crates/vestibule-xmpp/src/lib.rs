//! Vestibule as a client of XMPP servers: accounts by invite.
//!
//! [`InBand`] registers in-band (XEP-0445 and XEP-0077) on a server that checks tokens with this service. The accounts
//! of other servers are administered by [`EjabberdApi`] and [`AdminCommands`] (XEP-0133). A [`Route`] describes how to reach one XMPP server: its address, the encryption, and
//! the trusted certificates ([`TrustAnchors`]).
//!
//! # Untrusted input
//!
//! A server is authenticated by TLS for the XMPP domain, regardless of DNS. Its input is always bounded: 64 KiB per
//! connection, 16 levels of nesting, seconds per answer ([`Limits`]). XML with a document type, processing
//! instructions or comments is rejected.
//!
//! # Secrets
//!
//! Tokens and passwords are in sent data, which is never logged and is zeroized after use. Errors contain none: if
//! the text of a server repeats one, it is replaced by dots.
#![forbid(unsafe_code)]

mod admin_commands;
mod connect;
mod ejabberd_api;
mod exchange_span;
mod features;
mod fields;
mod in_band;
mod limits;
mod login;
mod ns;
mod operator_warnings;
mod pinned_certificate;
mod probe_name;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod properties;
mod redact;
mod refusal;
mod reply;
mod request;
mod resolver;
mod route;
mod sanitize;
mod servers;
mod stream;
mod stream_error;
mod survey;
mod tls_connector;
mod trust_anchors;
mod xml;

pub use admin_commands::{AdminCommands, AdminSurvey};
pub use ejabberd_api::{ApiCredentials, ApiSurvey, ApiUrl, ApiUrlError, EjabberdApi};
pub use features::Features;
pub use in_band::InBand;
pub use limits::Limits;
pub use operator_warnings::{FailureLog, OperatorWarnings};
pub use route::{Encryption, Route, RouteError};
pub use stream_error::{Attempt, StreamError};
pub use survey::{Survey, TokenAnswer, features_at, survey_at};
pub use tls_connector::TlsConnector;
pub use trust_anchors::{TrustAnchors, TrustError};
