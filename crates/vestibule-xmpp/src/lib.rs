//! Vestibule as an XMPP client: accounts by invite, registered in-band (XEP-0445 and XEP-0077).
//!
//! [`InBand`] is the registrar. A [`Route`] is the way to one XMPP server: where it is, how the stream is encrypted,
//! and which certificates are believed ([`TrustAnchors`]).
//!
//! # What is not believed
//!
//! A server is believed when TLS has proved that it is the server of the XMPP domain, whatever DNS said. Until then, and
//! after, what it says is bounded: 64 KiB for a connection, 16 elements in one another, seconds for each answer
//! ([`Limits`]). XML with a document type, processing instructions or comments is refused.
//!
//! # Secrets
//!
//! Tokens and passwords are in what is sent, which is logged nowhere and wiped after use. Errors hold none: where the
//! words of a server repeat one, dots stand in its place.
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
