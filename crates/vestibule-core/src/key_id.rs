//! The public half of an API key.

use std::fmt;

/// The id of a key: the part before the slash, base64url, safe in logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(Box<str>);

/// The text is not a key id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a key id: expected 1 to 64 letters, digits, - or _, as `keys list` prints them")]
pub struct KeyIdError;

impl KeyId {
    /// Maximum length of an id. Vestibule generates 12 characters, older versions of Prosody 8.
    pub const MAX_LEN: usize = 64;

    /// Parses a key id.
    pub fn parse(text: &str) -> Result<Self, KeyIdError> {
        let fits = (1..=Self::MAX_LEN).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            Ok(Self(text.into()))
        } else {
            Err(KeyIdError)
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({})", self.0)
    }
}
