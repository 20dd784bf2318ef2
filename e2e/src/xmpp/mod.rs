//! An XMPP client for tests: it speaks as plainly as the protocol allows, one stream to a [`Stream`], and
//! keeps refusals as values. Where it matters that a client was not written by us, [`Login`] asks another.

mod drivers;
mod element;
mod escape;
mod reader;
mod requests;
mod stream;

pub use drivers::{Login, Running};
pub use element::Element;
pub use escape::escape;
pub use requests::Reply;
pub use stream::Stream;

/// Namespaces by their documents' names.
pub mod ns {
    /// XEP-0379 and XEP-0445: what carries the token.
    pub const PREAUTH: &str = "urn:xmpp:pars:0";
    /// XEP-0445: said by a server where tokens are taken.
    pub const IBR_TOKEN: &str = "urn:xmpp:ibr-token:0";
    /// What older clients look for instead.
    pub const INVITE: &str = "urn:xmpp:invite";
    /// XEP-0077.
    pub const REGISTER: &str = "jabber:iq:register";
    /// RFC 6121.
    pub const ROSTER: &str = "jabber:iq:roster";
    /// RFC 6120: stanza errors.
    pub const STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
    /// RFC 6120.
    pub const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
}
