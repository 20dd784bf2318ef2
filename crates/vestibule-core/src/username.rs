//! The localpart of an XMPP address.

use std::fmt;

use jid::{BareJid, NodePart, NodeRef};

use crate::Host;

/// A username: the localpart of a JID, prepared according to RFC 7622 section 3.3 (`Alice` and `alice` are
/// one username).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Username(NodePart);

/// The text is not a localpart.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a valid username: {0}")]
pub struct UsernameError(String);

impl Username {
    /// Prepares and validates a localpart: at most 1023 bytes (RFC 7622 section 3.3.1).
    pub fn parse(text: &str) -> Result<Self, UsernameError> {
        if text.is_empty() {
            return Err(UsernameError("it is empty".to_owned()));
        }
        if text.contains(['@', '/']) {
            return Err(UsernameError("expected only the part before the @".to_owned()));
        }
        let once = prepare(text)?;
        // A few compatibility characters become upper-case letters, which the XMPP server prepares again.
        let twice = prepare(once.as_str())?;
        if prepare(twice.as_str())? != twice {
            return Err(UsernameError("it has no prepared form".to_owned()));
        }
        Ok(Self(twice))
    }

    /// Parses `user` or `user@host`. In the second form, the host must be `host`.
    pub fn parse_at(text: &str, host: &Host) -> Result<Self, UsernameError> {
        let Some((user, domain)) = text.split_once('@') else {
            return Self::parse(text);
        };
        match Host::parse(domain) {
            Ok(parsed) if parsed == *host => Self::parse(user),
            _ => Err(UsernameError(format!("it is not an address at {host}"))),
        }
    }

    /// The prepared localpart.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The bare JID of this username at `host`.
    pub fn at(&self, host: &Host) -> BareJid {
        let node: &NodeRef = &self.0;
        BareJid::from_parts(Some(node), host.as_domain())
    }
}

fn prepare(text: &str) -> Result<NodePart, UsernameError> {
    let part = NodePart::new(text).map_err(|error| UsernameError(in_words(&error)))?;
    Ok(part.into_owned())
}

/// The error of the library, without the names of profiles.
fn in_words(error: &jid::Error) -> String {
    match error {
        jid::Error::NodePrep => {
            "it has a space or another character that no username can have, such as \" & ' : < >".to_owned()
        }
        jid::Error::NodeTooLong => "it is longer than 1023 bytes".to_owned(),
        other => other.to_string(),
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Username({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_is_prepared() {
        assert_eq!(Username::parse("Alice").unwrap().as_str(), "alice");
        // An outlined capital letter of Unicode 16, which becomes a usual capital letter.
        assert_eq!(Username::parse("\u{1ccd6}").unwrap().as_str(), "a");
    }

    #[test]
    fn an_address_at_the_host_is_parsed() {
        let host = Host::parse("example.com").unwrap();
        assert_eq!(Username::parse_at("Bob@Example.com", &host).unwrap().as_str(), "bob");
        assert!(Username::parse_at("bob@example.org", &host).is_err());
        assert!(Username::parse_at("bob@a@example.com", &host).is_err());
    }

    #[test]
    fn other_text_is_rejected() {
        for text in ["", "a b", "a@b", "a/b", "a\"b", "a<b", "a\u{0}b", &"x".repeat(1024)] {
            assert!(Username::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn errors_are_in_words() {
        for (text, expected) in
            [("a b", "it has a space or another character"), (&"x".repeat(1024), "1023 bytes")]
        {
            let error = Username::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains("nodeprep"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn preparation_is_idempotent(text in "\\PC{0,40}") {
            if let Ok(name) = Username::parse(&text) {
                prop_assert_eq!(Username::parse(name.as_str()).unwrap(), name);
            }
        }
    }
}
