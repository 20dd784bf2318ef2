//! Stream features.

use crate::{ns, xml::Element};

/// The stream features offered before login (RFC 6120 section 4.3.2).
#[derive(Clone, Debug)]
pub struct Features {
    offered: Element,
    /// Whether they were received over an encrypted connection.
    pub encrypted: bool,
}

impl Features {
    pub(crate) fn new(offered: Element, encrypted: bool) -> Self {
        Self { offered, encrypted }
    }

    /// Whether a feature of this namespace is offered.
    pub fn offer(&self, namespace: &str) -> bool {
        self.offered.children.iter().any(|child| child.ns == namespace)
    }

    /// Whether registration with a token is offered (XEP-0445). Some servers accept tokens without offering it, so
    /// the answer to a request decides.
    pub fn by_invite(&self) -> bool {
        self.offer("urn:xmpp:ibr-token:0")
    }

    /// Whether encryption is offered to a stream that has none.
    pub fn start_tls(&self) -> bool {
        self.offer(ns::TLS)
    }

    /// Whether encryption is required first.
    pub fn need_tls(&self) -> bool {
        self.offered.child("starttls", ns::TLS).is_some_and(|tls| tls.child("required", ns::TLS).is_some())
    }

    /// Whether SASL PLAIN (RFC 4616) is offered.
    pub(crate) fn plain_login(&self) -> bool {
        let mechanisms = self.offered.child("mechanisms", ns::SASL);
        mechanisms
            .is_some_and(|all| all.children.iter().any(|one| one.name == "mechanism" && one.text == "PLAIN"))
    }
}
