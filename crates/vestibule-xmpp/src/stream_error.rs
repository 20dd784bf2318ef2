//! What can go wrong between us and an XMPP server, before it has answered.

use std::fmt::Write as _;

use crate::{sanitize::sanitize, xml::XmlError};

/// There is no answer to be had. The texts hold no secret; what others say in them is cleaned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
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
    /// Several servers were tried, or the one that DNS names, and none will do.
    #[error("no server could be used: {}", list(.0))]
    Unreachable(Vec<Attempt>),
    /// It ended the stream with an error; its condition (RFC 6120 section 4.9.3).
    #[error("the server ended the stream: {0}")]
    Stream(String),
}

/// A server that was tried, and why it will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its name or address and its port, and the address that the name had.
    pub server: String,
    /// Why it will not do.
    pub error: StreamError,
}

/// How many attempts an error names.
const MAX_LISTED: usize = 6;

fn list(attempts: &[Attempt]) -> String {
    let named = attempts.iter().take(MAX_LISTED).map(|Attempt { server, error }| match error {
        StreamError::NoAddress(_) => format!("{server}: no address"),
        StreamError::NoConnection(what) => {
            format!("{server}: {}", what.rsplit(": ").next().unwrap_or_default())
        }
        other => format!("{server}: {other}"),
    });
    let mut text = named.collect::<Vec<_>>().join("; ");
    if let Some(more @ 1..) = attempts.len().checked_sub(MAX_LISTED) {
        let _ = write!(text, "; and {more} more");
    }
    text
}

impl StreamError {
    /// What is wrong with the server that got furthest: one that answers tells more than one that does not.
    pub fn cause(&self) -> &Self {
        let Self::Unreachable(attempts) = self else { return self };
        let answered = attempts.iter().find(|attempt| !attempt.error.is_silence());
        answered.or(attempts.first()).map_or(self, |attempt| &attempt.error)
    }

    /// Nobody was reached, so nothing is known of the server.
    fn is_silence(&self) -> bool {
        matches!(self, Self::NoAddress(_) | Self::NoConnection(_) | Self::Silent | Self::NotLoopback(_))
    }

    /// Whether encryption is asked for that no server offers.
    pub(crate) fn lacks_encryption(&self) -> bool {
        match self {
            Self::NoStartTls | Self::StartTlsRefused => true,
            Self::Unreachable(attempts) => attempts.iter().all(|attempt| attempt.error.lacks_encryption()),
            _ => false,
        }
    }

    pub(crate) fn tls(error: &std::io::Error) -> Self {
        let words = error.to_string();
        // Prosody's own template makes such certificates.
        let hint = if words.contains("CaUsedAsEndEntity") {
            "the certificate says that it is an authority (CA:TRUE), so it can only be pinned; "
        } else {
            ""
        };
        Self::Tls(sanitize(&format!("{hint}{words}")))
    }

    pub(crate) fn not_xmpp(what: &str) -> Self {
        Self::NotXmpp(sanitize(what))
    }
}

impl From<XmlError> for StreamError {
    fn from(error: XmlError) -> Self {
        match error {
            XmlError::InvalidCharacter(what) => Self::not_xmpp(&what),
            XmlError::TooDeep => Self::not_xmpp("elements too deep in one another"),
        }
    }
}
