//! Vestibule as an XMPP client: accounts by invite, registered in-band (XEP-0445 and XEP-0077).
//!
//! [`InBand`] is the registrar. A [`Route`] describes how to reach one XMPP server: its address, the encryption, and
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

mod connect;
mod features;
mod fields;
mod in_band;
mod limits;
mod login;
mod ns;
mod operator_warnings;
mod pinned_certificate;
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
mod trust_anchors;
mod xml;

pub use features::Features;
pub use in_band::InBand;
pub use limits::Limits;
pub use operator_warnings::OperatorWarnings;
pub use route::{Encryption, Route, RouteError};
pub use stream_error::{Attempt, StreamError};
pub use survey::{Survey, TokenAnswer, features_at, survey_at};
pub use trust_anchors::{TrustAnchors, TrustError};
