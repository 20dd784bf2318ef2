//! What a server offers.

use crate::{ns, xml::Element};

/// What a server offers a client that has not logged in (RFC 6120 section 4.3.2).
#[derive(Clone, Debug)]
pub struct Features {
    offered: Element,
    /// Whether they came over an encrypted connection.
    pub encrypted: bool,
}

impl Features {
    pub(crate) fn new(offered: Element, encrypted: bool) -> Self {
        Self { offered, encrypted }
    }

    /// Whether something of this namespace is offered.
    pub fn offer(&self, namespace: &str) -> bool {
        self.offered.children.iter().any(|child| child.ns == namespace)
    }

    /// Whether people may register with a token (XEP-0445). Some servers offer it only to say so in words, and take
    /// tokens without: ask, and the answer decides.
    pub fn by_invite(&self) -> bool {
        self.offer("urn:xmpp:ibr-token:0")
    }

    /// Whether encryption is offered to a stream that has none.
    pub fn start_tls(&self) -> bool {
        self.offer(ns::TLS)
    }

    /// Whether encryption comes first, and everything else after it.
    pub fn need_tls(&self) -> bool {
        self.offered.child("starttls", ns::TLS).is_some_and(|tls| tls.child("required", ns::TLS).is_some())
    }

    /// Whether one may log in with name and password as they are (SASL PLAIN, RFC 4616).
    pub(crate) fn plain_login(&self) -> bool {
        let mechanisms = self.offered.child("mechanisms", ns::SASL);
        mechanisms
            .is_some_and(|all| all.children.iter().any(|one| one.name == "mechanism" && one.text == "PLAIN"))
    }
}
