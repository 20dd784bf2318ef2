//! The answer to a request (RFC 6120 section 8.2.3).

use crate::{ns, sanitize::sanitize, xml::Element};

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Success.
    Done,
    /// An error.
    Refused(StanzaError),
}

/// Why a request was refused (RFC 6120 section 8.3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StanzaError {
    /// `cancel`, `wait`, `modify`, `auth`: whether to retry.
    pub(crate) kind: String,
    /// The name of the condition.
    pub(crate) condition: String,
    /// The sanitized text; empty if there is none.
    pub(crate) text: String,
    /// The reason in the condition of Vestibule's bridge; `None` if the server does not have the bridge.
    pub(crate) bridge: Option<String>,
}

impl Reply {
    /// Reads a stanza of type `result` or `error`.
    pub(crate) fn of(stanza: &Element) -> Self {
        if stanza.attr("type") != Some("error") {
            return Self::Done;
        }
        let Some(error) = stanza.child("error", ns::CLIENT) else {
            return Self::Refused(StanzaError::default());
        };
        let standard = || error.children.iter().filter(|child| child.ns == ns::STANZAS);
        let condition = standard().find(|child| child.name != "text").map(|child| child.name.clone());
        let text = error.child("text", ns::STANZAS).map(|child| sanitize(&child.text));
        let bridge = error.child("bridge", ns::BRIDGE);
        let bridge = bridge.map(|child| sanitize(child.attr("reason").unwrap_or_default()));
        Self::Refused(StanzaError {
            bridge,
            kind: error.attr("type").unwrap_or_default().to_owned(),
            condition: condition.unwrap_or_default(),
            text: text.unwrap_or_default(),
        })
    }
}
