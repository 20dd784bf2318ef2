//! Sessions of the console in a browser, and the links that start them.

use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Host, Randomness, RandomnessError, Timestamp, hex};

/// Lifetime of a login link.
pub const LOGIN_LINK_LIFETIME: Duration = Duration::from_mins(15);

/// Lifetime of a session, however much it is used.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(12);

/// A session ends when it was not used for this time.
pub const SESSION_IDLE_TIMEOUT: Duration = Duration::from_mins(30);

/// A use of a session is stored if the stored one is older, so not every request writes.
pub const SESSION_USE_INTERVAL: Duration = Duration::from_mins(1);

/// The secret of a session, in a cookie, or of a login link, in its address: 256 random bits.
pub struct SessionSecret(SecretString);

/// SHA-256 of a [`SessionSecret`], under which it is stored and found.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionHash([u8; 32]);

/// The public id of a session: the first 64 bits of its [`SessionHash`]. It reveals nothing about the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId([u8; 8]);

impl SessionSecret {
    /// Characters of a secret as text.
    const LEN: usize = 43;

    /// Generates a secret.
    pub fn draw(randomness: &dyn Randomness) -> Result<Self, RandomnessError> {
        let mut bytes = [0; 32];
        randomness.fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes).into()))
    }

    /// Parses untrusted text; `None` if it cannot be a secret.
    pub fn parse(text: &str) -> Option<Self> {
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (text.len() == Self::LEN && text.bytes().all(is_base64url)).then(|| Self(text.into()))
    }

    /// The secret as text.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The hash for the store.
    pub fn hash(&self) -> SessionHash {
        SessionHash(Sha256::digest(self.expose()).into())
    }

    /// The token that a form of this session contains, against cross-site requests. It follows from the secret, which no
    /// other site and no script knows.
    pub fn form_token(&self) -> String {
        let digest =
            Sha256::new().chain_update(b"vestibule form token\n").chain_update(self.expose()).finalize();
        hex::encode(&digest[..16])
    }

    /// Whether a form contains this token. Constant time.
    pub fn has_form_token(&self, text: &str) -> bool {
        self.form_token().as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret([redacted])")
    }
}

impl SessionHash {
    /// Converts a stored hash.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash as stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The public id of the session with this hash.
    pub fn id(&self) -> SessionId {
        let mut id = [0; 8];
        id.copy_from_slice(&self.0[..8]);
        SessionId(id)
    }
}

impl fmt::Debug for SessionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionHash([redacted])")
    }
}

impl SessionId {
    /// Parses the id as [`fmt::Display`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }

    /// The id as stored.
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// A session of an operator in a browser: every scope on its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of its secret.
    pub hash: SessionHash,
    /// Its host.
    pub host: Host,
    /// Name of the person, as given when its link was created.
    pub name: String,
    /// Time of the login.
    pub created_at: Timestamp,
    /// Time of the last use, to about [`SESSION_USE_INTERVAL`].
    pub last_used_at: Timestamp,
}

impl Session {
    /// Maximum length of a name in bytes.
    pub const MAX_NAME_BYTES: usize = 100;

    /// Time from which it is over, unless it is used.
    pub fn ends_at(&self) -> Timestamp {
        let idle = self.last_used_at.plus(SESSION_IDLE_TIMEOUT);
        idle.min(self.created_at.plus(SESSION_LIFETIME))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::tests::Counter;

    #[test]
    fn a_secret_round_trips_and_does_not_print() {
        let randomness = Counter::default();
        let secret = SessionSecret::draw(&randomness).unwrap();
        let parsed = SessionSecret::parse(secret.expose()).unwrap();
        assert_eq!(parsed.hash(), secret.hash());
        assert!(parsed.has_form_token(&secret.form_token()) && !parsed.has_form_token(""));
        assert_ne!(secret.form_token(), SessionSecret::draw(&randomness).unwrap().form_token());
        let printed = format!("{secret:?} {:?} {}", secret.hash(), secret.hash().id());
        assert!(!printed.contains(secret.expose()));
        assert_eq!(SessionId::parse(&secret.hash().id().to_string()), Some(secret.hash().id()));
        for text in ["", &"x".repeat(42), &"x".repeat(44), &format!("{}+", "x".repeat(42))] {
            assert!(SessionSecret::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_session_ends_after_its_lifetime_or_unused() {
        let start = Timestamp::from_millis(1_800_000_000_000);
        let session = |last_used_at| Session {
            hash: SessionHash([1; 32]),
            host: Host::parse("example.com").unwrap(),
            name: "ann".to_owned(),
            created_at: start,
            last_used_at,
        };
        assert_eq!(session(start).ends_at(), start.plus(SESSION_IDLE_TIMEOUT));
        let late = start.plus(SESSION_LIFETIME).minus(Duration::from_mins(5));
        assert_eq!(session(late).ends_at(), start.plus(SESSION_LIFETIME));
    }
}
