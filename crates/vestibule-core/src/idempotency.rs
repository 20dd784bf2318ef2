//! Idempotency keys.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::Source;

/// Time during which a repeated request gets the first response.
pub const IDEMPOTENCY_KEY_LIFETIME: Duration = Duration::from_hours(24);

/// An `Idempotency-Key` and the request that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    key: [u8; 32],
    /// SHA-256 of the request. A repeated request must have the same one.
    pub fingerprint: [u8; 32],
}

/// The text is not an idempotency key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected 1 to 255 visible ASCII characters, unique for each operation, for example a UUID")]
pub struct IdempotencyKeyError;

impl IdempotencyKey {
    /// Combines the key of the client with its request.
    pub fn new(key: &str, request: &[u8]) -> Result<Self, IdempotencyKeyError> {
        let legal = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !legal {
            return Err(IdempotencyKeyError);
        }
        Ok(Self { key: Sha256::digest(key).into(), fingerprint: Sha256::digest(request).into() })
    }

    /// The stored id, scoped to the caller: two clients may choose the same key.
    pub fn id(&self, sender: &Source) -> [u8; 32] {
        Sha256::new().chain_update(self.key).chain_update(sender.as_str()).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_scoped_to_the_sender() {
        let idempotency_key = IdempotencyKey::new("a", b"{}").unwrap();
        let (shell, service) = (Source::cli(), Source::service());
        assert_eq!(idempotency_key.id(&shell), IdempotencyKey::new("a", b"else").unwrap().id(&shell));
        assert_ne!(idempotency_key.id(&shell), idempotency_key.id(&service));
        assert_ne!(idempotency_key.id(&shell), IdempotencyKey::new("b", b"{}").unwrap().id(&shell));
    }

    #[test]
    fn only_visible_ascii_is_accepted() {
        for key in ["", "a b", "\u{e4}", "a\n", &"x".repeat(256)] {
            assert_eq!(IdempotencyKey::new(key, b""), Err(IdempotencyKeyError), "{key}");
        }
        assert!(IdempotencyKey::new(&"x".repeat(255), b"").is_ok());
    }
}
