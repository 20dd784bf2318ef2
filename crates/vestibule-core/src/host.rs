//! XMPP domains.

use std::{fmt, sync::Arc};

use jid::{DomainPart, DomainRef};

/// A host: an XMPP domain that invites are minted for, prepared as RFC 7622 section 3.2 asks
/// (`Example.COM` and `example.com` are one host).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(Arc<DomainPart>);

/// The text is not an XMPP domain.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a valid XMPP domain: {0}")]
pub struct HostError(String);

impl Host {
    /// Prepares and checks a domain. A JID with a localpart or a resource is refused.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let expected = || HostError("expected a domain alone, for example example.com".to_owned());
        if !is_domain_alone(text) {
            return Err(expected());
        }
        let part = DomainPart::new(text).map_err(|error| HostError(error.to_string()))?.into_owned();
        // Preparation can leave nothing of a text, or something else that is no domain.
        let again = DomainPart::new(part.as_str());
        if !is_domain_alone(part.as_str()) || !again.is_ok_and(|again| again.as_str() == part.as_str()) {
            return Err(expected());
        }
        Ok(Self(Arc::new(part)))
    }

    /// The prepared domain.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The prepared domain, as the `jid` crate knows it.
    pub fn as_domain(&self) -> &DomainRef {
        &self.0
    }
}

fn is_domain_alone(text: &str) -> bool {
    !text.is_empty() && !text.contains(['@', '/', ' ', ':', '?', '#', '"', '<', '>', '\\', '&', '\''])
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
    fn prepares_case_and_trailing_dot() {
        assert_eq!(Host::parse("EXAMPLE.com").unwrap().as_str(), "example.com");
        assert_eq!(Host::parse("example.com.").unwrap().as_str(), "example.com");
        assert_eq!(Host::parse("bücher.example").unwrap(), Host::parse("BÜCHER.example").unwrap());
    }

    #[test]
    fn refuses_what_is_no_domain() {
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
        fn preparing_twice_changes_nothing(text in "\\PC{0,40}") {
            if let Ok(host) = Host::parse(&text) {
                prop_assert_eq!(Host::parse(host.as_str()).unwrap(), host);
            }
        }
    }
}
