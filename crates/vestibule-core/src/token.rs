//! Invite tokens.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{InviteId, Randomness, RandomnessError, Timestamp};

pub(crate) const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Number of characters that encode the time of creation, in milliseconds: enough until the year 2081.
const TIME_LEN: usize = 7;

/// Number of random characters: 21 of base 62 are 125 bits (XEP-0379 section 4 requires 80).
const RANDOM_LEN: usize = 21;

/// The first timestamp that does not fit in the time characters.
const TIME_END: i64 = 62_i64.pow(7);

/// Length of the tokens of Prosody's `mod_invites`: 18 random bytes in base64url.
const PROSODY_LEN: usize = 24;

/// A token: 28 letters and digits, the first seven of which encode the time of creation; or a token that Prosody's
/// `mod_invites` created, imported from there.
///
/// The time comes first so that the index of the databases grows at its end and not at random places. It does not help
/// to guess the rest.
///
/// A secret: it has no `Display`, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Text);

#[derive(Clone, PartialEq, Eq)]
enum Text {
    Own([u8; Token::LEN]),
    Prosody([u8; PROSODY_LEN]),
}

/// The text is not a token. Callers treat it as an unknown token.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an invite token")]
pub struct TokenError;

/// SHA-256 of a token's text, as stored in databases.
#[derive(Clone, Copy)]
pub struct TokenHash([u8; 32]);

/// The values with which a database finds an invite by its token.
#[derive(Clone, Copy, Debug)]
pub struct TokenLookup {
    /// Id of the invite, derived from the token.
    pub id: InviteId,
    /// Hash of the token, compared in constant time.
    pub hash: TokenHash,
}

impl Token {
    /// Length in characters of a token that this service creates.
    pub const LEN: usize = TIME_LEN + RANDOM_LEN;

    /// Length in characters of a token that Prosody's `mod_invites` created.
    pub const PROSODY_LEN: usize = PROSODY_LEN;

    /// Generates a token at `now`.
    ///
    /// A time beyond the range of the time characters is clamped. The security depends only on the randomness.
    pub fn draw(now: Timestamp, randomness: &dyn Randomness) -> Result<Self, RandomnessError> {
        let mut text = [0; Self::LEN];
        let mut rest = now.as_millis().min(TIME_END - 1);
        for place in text[..TIME_LEN].iter_mut().rev() {
            *place = ALPHABET[usize::try_from(rest % 62).unwrap_or(0)];
            rest /= 62;
        }
        let mut filled = TIME_LEN;
        while filled < Self::LEN {
            let mut bytes = [0; 24];
            randomness.fill(&mut bytes)?;
            // Six bits per byte. The two values beyond the alphabet are drawn again, so that all characters are
            // equally likely.
            for index in bytes.into_iter().map(|byte| usize::from(byte & 0x3f)) {
                if index < ALPHABET.len() && filled < Self::LEN {
                    text[filled] = ALPHABET[index];
                    filled += 1;
                }
            }
        }
        Ok(Self(Text::Own(text)))
    }

    /// Parses a token: one of this service, or one that Prosody created.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        Self::parse_own(text).or_else(|_| Self::parse_prosody(text))
    }

    /// Parses a token of the form that this service creates: 28 ASCII letters and digits.
    pub fn parse_own(text: &str) -> Result<Self, TokenError> {
        let bytes: [u8; Self::LEN] = text.as_bytes().try_into().map_err(|_| TokenError)?;
        let is_own = bytes.iter().all(u8::is_ascii_alphanumeric);
        if is_own { Ok(Self(Text::Own(bytes))) } else { Err(TokenError) }
    }

    /// Parses a token of the form that Prosody's `mod_invites` creates: 24 characters of base64url.
    pub fn parse_prosody(text: &str) -> Result<Self, TokenError> {
        let bytes: [u8; PROSODY_LEN] = text.as_bytes().try_into().map_err(|_| TokenError)?;
        let is_base64url = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if bytes.iter().all(is_base64url) { Ok(Self(Text::Prosody(bytes))) } else { Err(TokenError) }
    }

    /// The secret itself. Keep it out of logs, metrics and errors.
    pub fn expose(&self) -> &str {
        // The text is ASCII by construction.
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    fn bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Own(bytes) => bytes,
            Text::Prosody(bytes) => bytes,
        }
    }

    /// The creation time that it contains; the epoch for an imported token, which contains none.
    pub fn minted_at(&self) -> Timestamp {
        let Text::Own(text) = &self.0 else { return Timestamp::from_millis(0) };
        let value = |byte: &u8| match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => byte - b'a' + 36,
        };
        Timestamp::from_millis(
            text[..TIME_LEN].iter().fold(0, |millis, byte| millis * 62 + i64::from(value(byte))),
        )
    }

    /// The id derived from this token, and its hash, to find the invite in a database. The ids of imported tokens begin
    /// with ten zeros, because these tokens contain no time.
    pub fn lookup_key(&self) -> TokenLookup {
        let hash = TokenHash(Sha256::digest(self.bytes()).into());
        TokenLookup { id: InviteId::of(self.minted_at(), &hash), hash }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

impl TokenHash {
    /// Converts a stored hash.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash as stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Constant time, so that response times do not reveal how much of a guess was right.
impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenHash {}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::tests::Counter;
    use proptest::prelude::*;

    #[test]
    fn a_token_contains_its_creation_time() {
        let now = Timestamp::from_millis(1_800_000_000_123);
        let token = Token::draw(now, &Counter::default()).unwrap();
        assert_eq!(token.minted_at(), now);
        assert_eq!(Token::parse(token.expose()).unwrap(), token);
    }

    #[test]
    fn later_tokens_sort_later_by_text_and_by_id() {
        let randomness = Counter::default();
        let draw = |millis| Token::draw(Timestamp::from_millis(millis), &randomness).unwrap();
        let (early, late) = (draw(1_800_000_000_000), draw(1_800_000_000_001));
        assert!(early.expose() < late.expose());
        assert!(early.lookup_key().id < late.lookup_key().id);
    }

    #[test]
    fn a_time_beyond_the_range_is_clamped() {
        let token = Token::draw(Timestamp::from_millis(i64::MAX), &Counter::default()).unwrap();
        assert_eq!(token.expose().len(), Token::LEN);
        assert!(token.expose().starts_with("zzzzzzz"));
    }

    #[test]
    fn a_token_of_prosody_is_kept_and_its_id_contains_no_time() {
        let token = Token::parse("-b3_d4E5f6G7h8J9kLmNpQ_-").unwrap();
        assert_eq!(token.expose(), "-b3_d4E5f6G7h8J9kLmNpQ_-");
        let id = token.lookup_key().id.to_string();
        assert!(id.starts_with("0000000000"), "{id}");
        assert_ne!(id, Token::parse("-b3_d4E5f6G7h8J9kLmNpQ_A").unwrap().lookup_key().id.to_string());
    }

    #[test]
    fn debug_hides_the_secret() {
        let token = Token::draw(Timestamp::from_millis(0), &Counter::default()).unwrap();
        let printed = format!("{token:?} {:?}", token.lookup_key());
        assert!(!printed.contains(token.expose()));
        assert!(printed.contains("[redacted]"));
    }

    #[test]
    fn other_text_is_rejected() {
        for text in [
            "",
            "short",
            &"a".repeat(23),
            &"a".repeat(25),
            &"a".repeat(27),
            &"a".repeat(29),
            "aaaaaaaaaaaaaa/aaaaaaaaaaaaa",
            "aaaaaaaaaaaaaa-aaaaaaaaaaaaa",
            "aaaaaaaaaaaa/aaaaaaaaaaa",
            "aaaaaaaaaaaa=aaaaaaaaaaa",
            &"é".repeat(14),
            &"é".repeat(12),
        ] {
            assert_eq!(Token::parse(text), Err(TokenError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_is_rejected_or_round_trips(text in "\\PC{0,40}") {
            if let Ok(token) = Token::parse(&text) {
                prop_assert_eq!(token.expose(), text);
            }
        }

        #[test]
        fn an_id_is_48_bits_of_time_and_80_bits_of_the_hash(text in "[0-9A-Za-z]{28}") {
            let token = Token::parse(&text).unwrap();
            let TokenLookup { id, hash } = token.lookup_key();
            let sha256: [u8; 32] = Sha256::digest(text.as_bytes()).into();
            prop_assert_eq!(hash.as_bytes(), &sha256);
            prop_assert_eq!(&id.to_bytes()[..6], &token.minted_at().as_millis().to_be_bytes()[2..]);
            prop_assert_eq!(&id.to_bytes()[6..], &sha256[..10]);
        }

        #[test]
        fn different_tokens_have_different_ids(one in "[0-9A-Za-z]{28}", other in "[0-9A-Za-z]{28}") {
            let id = |text: &str| Token::parse(text).unwrap().lookup_key().id;
            prop_assert_eq!(id(&one) == id(&other), one == other);
        }
    }
}
