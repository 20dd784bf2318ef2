//! XMPP domains.

use std::{fmt, sync::Arc};

use jid::{DomainPart, DomainRef};

/// A host: an XMPP domain with invites, prepared according to RFC 7622 section 3.2
/// (`Example.COM` and `example.com` are one host).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(Arc<DomainPart>);

/// The text is not an XMPP domain.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a valid XMPP domain: {0}")]
pub struct HostError(String);

impl Host {
    /// Prepares and validates a domain. A JID with a localpart or a resource is rejected.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let expected = || HostError("expected only a domain, for example example.com".to_owned());
        if !is_only_domain(text) {
            return Err(expected());
        }
        let part = DomainPart::new(text).map_err(|error| HostError(error.to_string()))?.into_owned();
        // Preparation can result in an empty or invalid domain.
        let again = DomainPart::new(part.as_str());
        if !is_only_domain(part.as_str()) || !again.is_ok_and(|again| again.as_str() == part.as_str()) {
            return Err(expected());
        }
        Ok(Self(Arc::new(part)))
    }

    /// The prepared domain.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The prepared domain as a type of the `jid` crate.
    pub fn as_domain(&self) -> &DomainRef {
        &self.0
    }
}

/// Names of hosts have no other ASCII characters (RFC 1123 section 2.1); networks without DNS also use `_`.
fn is_only_domain(text: &str) -> bool {
    let is_odd =
        |letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric() && !"-._".contains(letter);
    !text.is_empty() && !text.contains(is_odd)
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_trailing_dot_are_prepared() {
        assert_eq!(Host::parse("EXAMPLE.com").unwrap().as_str(), "example.com");
        assert_eq!(Host::parse("example.com.").unwrap().as_str(), "example.com");
        assert_eq!(Host::parse("bücher.example").unwrap(), Host::parse("BÜCHER.example").unwrap());
    }

    #[test]
    fn other_text_is_rejected() {
        for text in [
            "",
            "a@b",
            "a/b",
            "a b",
            "https://example.com",
            "example.com:5222",
            "\u{1806}",
            "\u{ad}",
            &"a".repeat(2000),
        ] {
            assert!(Host::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn preparation_is_idempotent(text in "\\PC{0,40}") {
            if let Ok(host) = Host::parse(&text) {
                prop_assert_eq!(Host::parse(host.as_str()).unwrap(), host);
            }
        }
    }
}
