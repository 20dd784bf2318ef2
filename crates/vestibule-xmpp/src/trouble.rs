//! What can go wrong between us and an XMPP server, before it has answered.

use crate::{clean::clean, xml::XmlTrouble};

/// There is no answer to be had. The texts hold no secret; what others say in them is cleaned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// The domain says that it has no such service (a target of `.`, RFC 2782).
    #[error("the domain says in DNS that it lets no clients in this way")]
    NoService,
    /// A name has no address.
    #[error("no address for {0}")]
    NoAddress(String),
    /// A connection without encryption would have left this machine.
    #[error("{0} is not this machine, and without encryption nothing is sent elsewhere")]
    NotLoopback(String),
    /// Nobody took the connection.
    #[error("no connection to {0}")]
    NoConnection(String),
    /// Encryption is demanded, and the server does not offer it.
    #[error("the server offers no encryption (STARTTLS)")]
    NoStartTls,
    /// Encryption is offered, and refused when asked for.
    #[error("the server refused encryption (STARTTLS)")]
    StartTlsRefused,
    /// Something followed the end of the part without encryption, and would have been taken for encrypted.
    #[error("something was put between the server and us before encryption began")]
    Injected,
    /// No trusted encryption came about.
    #[error("no trusted encryption: {0}")]
    Tls(String),
    /// What comes is not a stream of XMPP.
    #[error("what answers there speaks no XMPP: {0}")]
    NotXmpp(String),
    /// It said more than anybody needs.
    #[error("the server's answer has no end")]
    TooMuch,
    /// It hung up.
    #[error("the server closed the connection without an answer")]
    Closed,
    /// It took too long.
    #[error("the server did not answer in time")]
    Silent,
    /// It ended the stream with an error; its condition (RFC 6120 section 4.9.3).
    #[error("the server ended the stream: {0}")]
    Stream(String),
}

impl Trouble {
    pub(crate) fn tls(error: &std::io::Error) -> Self {
        let words = error.to_string();
        // Prosody's own template makes such certificates.
        let hint = if words.contains("CaUsedAsEndEntity") {
            "the certificate says that it is an authority (CA:TRUE), so it can only be pinned; "
        } else {
            ""
        };
        Self::Tls(clean(&format!("{hint}{words}")))
    }

    pub(crate) fn not_xmpp(what: &str) -> Self {
        Self::NotXmpp(clean(what))
    }
}

impl From<XmlTrouble> for Trouble {
    fn from(trouble: XmlTrouble) -> Self {
        match trouble {
            XmlTrouble::NotXml(what) => Self::not_xmpp(&what),
            XmlTrouble::TooDeep => Self::not_xmpp("elements too deep in one another"),
        }
    }
}
