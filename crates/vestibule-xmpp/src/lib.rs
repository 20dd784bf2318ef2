//! Vestibule as an XMPP client: accounts by invite, registered in-band (XEP-0445 and XEP-0077).
//!
//! [`InBand`] is the registrar. A [`Route`] is the way to one XMPP server: where it is, how the stream is encrypted,
//! and which certificates are believed ([`Trust`]).
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

mod clean;
mod complaints;
mod connect;
mod features;
mod fields;
mod in_band;
mod limits;
mod login;
mod look;
mod names;
mod ns;
mod pin;
mod redact;
mod refusal;
mod reply;
mod request;
mod route;
mod servers;
mod stream;
mod trouble;
mod trust;
mod xml;

pub use complaints::Complaints;
pub use features::Features;
pub use in_band::InBand;
pub use limits::Limits;
pub use look::{Survey, TokenAnswer, look_at, survey_at};
pub use route::{Encryption, Route, RouteError};
pub use trouble::{Attempt, Trouble};
pub use trust::{Trust, TrustError};
