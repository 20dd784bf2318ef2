//! API keys.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Host, KeyId, Randomness, RandomnessError, Rate, Scopes, Timestamp};

/// The secret half of a key: the part after the slash.
pub struct KeySecret(SecretString);

/// A new key, `ID/SECRET`. It is shown once; the store keeps only a hash.
#[derive(Debug)]
pub struct ApiKey {
    /// The public half.
    pub id: KeyId,
    /// The secret half.
    pub secret: KeySecret,
}

/// SHA-256 of a key's secret. A plain hash suffices: the secret has 216 random bits.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

/// A key presented by a client, its secret hashed, not yet verified.
#[derive(Clone, Debug)]
pub struct PresentedKey {
    /// The id of the presented key.
    pub id: KeyId,
    /// The hash of the presented secret.
    pub secret: SecretHash,
}

/// A stored key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// The public half.
    pub id: KeyId,
    /// Host of the key. Never changes.
    pub host: Host,
    /// Display name.
    pub name: Option<String>,
    /// Scopes.
    pub scopes: Scopes,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time from which the key is expired.
    pub expires_at: Option<Timestamp>,
    /// Rate limit.
    pub rate: Option<Rate>,
    /// Time of the last use, to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// The key that created this one, if any. They are deleted together, and calls of this key also count against the
    /// rate of its parent.
    pub parent: Option<KeyId>,
    /// Hash of the secret.
    pub secret: SecretHash,
}

impl ApiKey {
    /// Generates a key in the format of Prosody's `mod_invites_api`: 9 random bytes of id and 27 of secret,
    /// base64url.
    pub fn draw(randomness: &dyn Randomness) -> Result<Self, RandomnessError> {
        loop {
            let mut bytes = [0; 36];
            randomness.fill(&mut bytes)?;
            let id = URL_SAFE_NO_PAD.encode(&bytes[..9]);
            let secret = URL_SAFE_NO_PAD.encode(&bytes[9..]);
            // An id with a leading dash is legal, but inconvenient on a command line.
            if let (false, Ok(id)) = (id.starts_with('-'), KeyId::parse(&id)) {
                return Ok(Self { id, secret: KeySecret(secret.into()) });
            }
        }
    }

    /// The key as text, for its user.
    pub fn expose(&self) -> String {
        format!("{}/{}", self.id, self.secret.0.expose_secret())
    }

    /// The hash for the store.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.secret.0.expose_secret())
    }
}

impl PresentedKey {
    /// Maximum length of a secret. Vestibule generates 36 characters, older versions of Prosody 32.
    const MAX_SECRET: usize = 256;

    /// Parses `ID/SECRET`. `None` for malformed text, which is answered like a wrong key.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.split_once('/')?;
        if secret.is_empty() || secret.len() > Self::MAX_SECRET {
            return None;
        }
        Some(Self { id: KeyId::parse(id).ok()?, secret: SecretHash::of(secret) })
    }
}

impl SecretHash {
    /// The hash of a secret.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// Converts a stored hash.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash as stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Constant time.
impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash([redacted])")
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::tests::Counter;
    use proptest::prelude::*;

    #[test]
    fn a_key_has_the_format_of_mod_invites_api() {
        let randomness = Counter::default();
        for _ in 0..200 {
            let key = ApiKey::draw(&randomness).unwrap();
            let text = key.expose();
            let (id, secret) = text.split_once('/').unwrap();
            assert_eq!((id.len(), secret.len()), (12, 36));
            assert!(!id.starts_with('-'));
            let presented = PresentedKey::parse(&text).unwrap();
            assert_eq!((presented.id, presented.secret), (key.id.clone(), key.hash()));
        }
    }

    #[test]
    fn debug_hides_the_secret() {
        let key = ApiKey::draw(&Counter::default()).unwrap();
        let secret = key.expose().split_once('/').unwrap().1.to_owned();
        let printed = format!("{key:?} {:?} {:?}", key.hash(), PresentedKey::parse(&key.expose()));
        assert!(!printed.contains(&secret));
    }

    #[test]
    fn malformed_keys_are_rejected() {
        for text in ["", "/", "a/", "/b", "noslash", "a b/c", "ä/b", &format!("a/{}", "b".repeat(257))] {
            assert!(PresentedKey::parse(text).is_none(), "{text}");
        }
        // A slash in the secret belongs to the secret, as in the original.
        assert!(PresentedKey::parse("a/b/c").is_some());
    }

    proptest! {
        #[test]
        fn no_text_causes_a_panic(text in "\\PC{0,80}") {
            if let Some(key) = PresentedKey::parse(&text) {
                prop_assert!(text.starts_with(key.id.as_str()));
            }
        }
    }
}
