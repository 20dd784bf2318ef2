//! Errors of the connection to an XMPP server.

use std::fmt::Write as _;

use rustls::{CertificateError, Error, OtherError};

use crate::{sanitize::sanitize, xml::XmlError};

/// The server did not answer. Texts contain no secrets; text of other parties is sanitized.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The domain declares that it has no such service (a target of `.`, RFC 2782).
    #[error("the domain declares in DNS that it does not offer this service")]
    NoService,
    /// A name has no address.
    #[error("no address for {0}")]
    NoAddress(String),
    /// An unencrypted connection would leave this machine.
    #[error("{0} is not this machine; unencrypted connections to other machines are not allowed")]
    NotLoopback(String),
    /// The connection was not accepted.
    #[error("no connection to {0}")]
    NoConnection(String),
    /// Encryption is required, but the server does not offer it.
    #[error("the server offers no encryption (STARTTLS)")]
    NoStartTls,
    /// Encryption is offered, but the server refused it.
    #[error("the server refused encryption (STARTTLS)")]
    StartTlsRefused,
    /// Data followed the unencrypted part and would have been taken for encrypted (STARTTLS injection).
    #[error("unencrypted data was injected before encryption began")]
    Injected,
    /// TLS failed or is not trusted.
    #[error("no trusted encryption: {0}")]
    Tls(String),
    /// The answer is not an XMPP stream.
    #[error("the server does not speak XMPP: {0}")]
    NotXmpp(String),
    /// The answer exceeds the limit.
    #[error("the server's answer is too long")]
    TooMuch,
    /// The server closed the connection.
    #[error("the server closed the connection without an answer")]
    Closed,
    /// Timeout.
    #[error("the server did not answer in time")]
    Silent,
    /// All tried servers failed.
    #[error("no server could be used: {}", list(.0))]
    Unreachable(Vec<Attempt>),
    /// It ended the stream with an error; its condition (RFC 6120 section 4.9.3).
    #[error("the server ended the stream: {0}")]
    Stream(String),
}

/// A failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Name or address and port, and the resolved address.
    pub server: String,
    /// Reason of the failure.
    pub error: StreamError,
}

/// Maximum number of attempts shown in an error.
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
    /// The most informative error: an answer outranks a timeout.
    pub fn cause(&self) -> &Self {
        let Self::Unreachable(attempts) = self else { return self };
        let answered = attempts.iter().find(|attempt| !attempt.error.is_silence());
        answered.or(attempts.first()).map_or(self, |attempt| &attempt.error)
    }

    /// Whether nothing listened at any of the addresses, as while a server starts.
    pub fn is_connection_refused(&self) -> bool {
        match self {
            Self::NoConnection(what) => what.ends_with(&std::io::ErrorKind::ConnectionRefused.to_string()),
            Self::Unreachable(attempts) => {
                attempts.iter().any(|attempt| attempt.error.is_connection_refused())
                    && attempts.iter().all(|attempt| attempt.error.is_silence())
            }
            _ => false,
        }
    }

    /// A short name of the kind of error, for traces.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::NoService => "no-service",
            Self::NoAddress(_) => "no-address",
            Self::NotLoopback(_) => "not-loopback",
            Self::NoConnection(_) => "no-connection",
            Self::NoStartTls | Self::StartTlsRefused => "no-encryption",
            Self::Injected => "injected-data",
            Self::Tls(_) => "tls",
            Self::NotXmpp(_) => "not-xmpp",
            Self::TooMuch => "answer-too-long",
            Self::Closed => "closed",
            Self::Silent => "timeout",
            Self::Unreachable(_) => "unreachable",
            Self::Stream(_) => "stream-error",
        }
    }

    /// Whether no server was reached.
    fn is_silence(&self) -> bool {
        matches!(self, Self::NoAddress(_) | Self::NoConnection(_) | Self::Silent | Self::NotLoopback(_))
    }

    /// Whether encryption is required but not offered.
    pub(crate) fn lacks_encryption(&self) -> bool {
        match self {
            Self::NoStartTls | Self::StartTlsRefused => true,
            Self::Unreachable(attempts) => attempts.iter().all(|attempt| attempt.error.lacks_encryption()),
            _ => false,
        }
    }

    pub(crate) fn tls(error: &std::io::Error) -> Self {
        let text = error.to_string();
        // What rustls puts in front of the errors of a custom verifier.
        let text = text.strip_prefix("unexpected error: ").unwrap_or(&text);
        // Prosody's own template creates such certificates.
        let hint = if is_authority(error) {
            "the certificate is marked as an authority (CA:TRUE), so it can only be pinned; "
        } else {
            ""
        };
        Self::Tls(sanitize(&format!("{hint}{text}")))
    }

    pub(crate) fn not_xmpp(what: &str) -> Self {
        Self::NotXmpp(sanitize(what))
    }
}

/// Whether the certificate was rejected because it is that of an authority.
fn is_authority(error: &std::io::Error) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
    let Some(Error::InvalidCertificate(CertificateError::Other(OtherError(cause)))) = cause else {
        return false;
    };
    cause.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity)
}

impl From<XmlError> for StreamError {
    fn from(error: XmlError) -> Self {
        match error {
            XmlError::InvalidCharacter(what) => Self::not_xmpp(&what),
            XmlError::TooDeep => Self::not_xmpp("elements are nested too deeply"),
        }
    }
}
