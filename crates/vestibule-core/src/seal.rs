//! Sealing: encryption with a key that is stored outside the database.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit},
};
use sha2::{Digest, Sha256};

use crate::{
    FormReceipt, InviteId, PreauthGrant, Randomness, RandomnessError, Timestamp, Token, token::ALPHABET,
};

/// Plaintext of the check value, and also its nonce, which has the same length.
const CHECK: &[u8; 24] = b"vestibule seal key check";

/// Suffixes of nonces. Each purpose has its own, so that no nonce is used for two purposes.
const TOKEN_NONCE: [u8; 8] = *b"token\0\0\0";
const ADMISSION_NONCE: [u8; 8] = *b"admit\0\0\0";
const ADDRESS_NONCE: [u8; 8] = *b"address\0";
const RECEIPT_NONCE: [u8; 8] = *b"receipt\0";

/// The key that seals tokens and preauth grants (XChaCha20-Poly1305). It is never stored in the database, so that a
/// stolen database or backup reveals no token.
pub struct SealKey(XChaCha20Poly1305);

/// Unsealing failed: wrong key or damaged data.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("sealed with another key, or damaged")]
pub struct SealError;

/// The text is not a grant of this service.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an admission of this service: pass the value from the check, unchanged")]
pub struct PreauthGrantError;

impl SealKey {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// Creates a key from 32 random bytes.
    pub fn new(bytes: &[u8; Self::LEN]) -> Self {
        Self(XChaCha20Poly1305::new(bytes.into()))
    }

    /// A value to store in the database, with which [`SealKey::fits`] recognizes the key. It reveals nothing about the
    /// key.
    pub fn check_value(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.seal(CHECK, CHECK))
    }

    /// Whether `check_value` was computed with this key.
    pub fn fits(&self, check_value: &str) -> bool {
        URL_SAFE_NO_PAD.decode(check_value).is_ok_and(|sealed| self.open(CHECK, &sealed).is_ok())
    }

    /// Seals a token for the invite with this id. The nonce is the id, which is unique to this token.
    pub fn seal_token(&self, id: InviteId, token: &Token) -> Vec<u8> {
        self.seal(&nonce(id.to_bytes(), TOKEN_NONCE), token.expose().as_bytes())
    }

    /// Opens a token sealed by [`SealKey::seal_token`].
    pub fn open_token(&self, id: InviteId, sealed: &[u8]) -> Result<Token, SealError> {
        let plain = self.open(&nonce(id.to_bytes(), TOKEN_NONCE), sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| SealError)?;
        Token::parse(text).map_err(|_| SealError)
    }

    /// Creates a grant for `invite` at `now` as opaque text.
    pub fn admit(
        &self,
        invite: InviteId,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<String, RandomnessError> {
        let mut plain = [0; 24];
        plain[..16].copy_from_slice(&invite.to_bytes());
        plain[16..].copy_from_slice(&now.as_millis().to_be_bytes());
        self.seal_text(ADMISSION_NONCE, &plain, randomness)
    }

    /// Opens a grant written by [`SealKey::admit`].
    pub fn read_admission(&self, text: &str) -> Result<PreauthGrant, PreauthGrantError> {
        let (id, plain) = self.open_text(ADMISSION_NONCE, text).map_err(|_| PreauthGrantError)?;
        let (invite, at) = plain.split_first_chunk::<16>().ok_or(PreauthGrantError)?;
        let at = at.try_into().map_err(|_| PreauthGrantError)?;
        Ok(PreauthGrant {
            id,
            invite: InviteId::from_bytes(*invite),
            at: Timestamp::from_millis(i64::from_be_bytes(at)),
        })
    }

    /// Seals a text as part of an address. Only this service can create such addresses, and the same text always gets the
    /// same one, so that what is behind it can be cached. The nonce is the hash of the text.
    pub fn seal_address(&self, text: &str) -> String {
        let hash: [u8; 32] = Sha256::digest(text).into();
        let (id, _) = hash.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
        let mut bytes = id.to_vec();
        bytes.extend(self.seal(&nonce(*id, ADDRESS_NONCE), text.as_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Opens a text sealed by [`SealKey::seal_address`].
    pub fn open_address(&self, address: &str) -> Result<String, SealError> {
        let bytes = URL_SAFE_NO_PAD.decode(address).map_err(|_| SealError)?;
        let (id, sealed) = bytes.split_first_chunk::<16>().ok_or(SealError)?;
        let plain = self.open(&nonce(*id, ADDRESS_NONCE), sealed)?;
        String::from_utf8(plain).map_err(|_| SealError)
    }

    /// Seals a receipt as opaque text.
    pub fn seal_receipt(
        &self,
        receipt: &FormReceipt,
        randomness: &dyn Randomness,
    ) -> Result<String, RandomnessError> {
        self.seal_text(RECEIPT_NONCE, &receipt.to_bytes(), randomness)
    }

    /// Opens a receipt written by [`SealKey::seal_receipt`].
    pub fn open_receipt(&self, text: &str) -> Result<FormReceipt, SealError> {
        let (_, plain) = self.open_text(RECEIPT_NONCE, text)?;
        FormReceipt::from_bytes(&plain).ok_or(SealError)
    }

    /// Seals bytes under a random id, as text that contains the id.
    fn seal_text(
        &self,
        purpose: [u8; 8],
        plain: &[u8],
        randomness: &dyn Randomness,
    ) -> Result<String, RandomnessError> {
        let mut id = [0; 16];
        randomness.fill(&mut id)?;
        let mut text = id.to_vec();
        text.extend(self.seal(&nonce(id, purpose), plain));
        Ok(URL_SAFE_NO_PAD.encode(text))
    }

    /// The id and the bytes in a text written by [`SealKey::seal_text`] for the same purpose.
    fn open_text(&self, purpose: [u8; 8], text: &str) -> Result<([u8; 16], Vec<u8>), SealError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError)?;
        let (id, sealed) = bytes.split_first_chunk::<16>().ok_or(SealError)?;
        Ok((*id, self.open(&nonce(*id, purpose), sealed)?))
    }

    /// A value derived from `unique` that requires this key: the authentication tag of an empty text. Each `purpose` is
    /// used only here, so no nonce is used for two texts.
    pub(crate) fn proof(&self, unique: [u8; 16], purpose: [u8; 8]) -> [u8; 16] {
        let sealed = self.seal(&nonce(unique, purpose), b"");
        sealed.try_into().unwrap_or_default()
    }

    fn seal(&self, nonce: &[u8; 24], plain: &[u8]) -> Vec<u8> {
        // Encryption fails only beyond 256 GiB; opening an empty result fails.
        self.0.encrypt(&XNonce::from(*nonce), plain).unwrap_or_default()
    }

    fn open(&self, nonce: &[u8; 24], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.decrypt(&XNonce::from(*nonce), sealed).map_err(|_| SealError)
    }
}

/// The character of the token alphabet for a value.
pub(crate) fn letter(value: u128) -> char {
    char::from(ALPHABET[usize::try_from(value % 62).unwrap_or(0)])
}

fn nonce(unique: [u8; 16], purpose: [u8; 8]) -> [u8; 24] {
    let mut nonce = [0; 24];
    nonce[..16].copy_from_slice(&unique);
    nonce[16..].copy_from_slice(&purpose);
    nonce
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::tests::Counter;
    use proptest::prelude::*;

    fn token() -> Token {
        Token::draw(Timestamp::from_millis(1_800_000_000_000), &Counter::default()).unwrap()
    }

    #[test]
    fn an_address_opens_only_with_its_key() {
        let key = SealKey::new(&[1; 32]);
        let address = key.seal_address("example.com\nde\nJuliet");
        assert_eq!(address, key.seal_address("example.com\nde\nJuliet"));
        assert_ne!(address, key.seal_address("example.com\nde\nRomeo"));
        assert_eq!(key.open_address(&address).as_deref(), Ok("example.com\nde\nJuliet"));
        assert_eq!(SealKey::new(&[2; 32]).open_address(&address), Err(SealError));
        for text in ["", "AAAA", "é", &address[1..], &address[..address.len() - 1]] {
            assert_eq!(key.open_address(text), Err(SealError), "{text}");
        }
    }

    #[test]
    fn a_sealed_token_opens_only_with_its_key_and_id() {
        let (key, token) = (SealKey::new(&[1; 32]), token());
        let id = token.lookup_key().id;
        let sealed = key.seal_token(id, &token);
        assert_eq!(key.open_token(id, &sealed), Ok(token.clone()));
        assert_eq!(SealKey::new(&[2; 32]).open_token(id, &sealed), Err(SealError));
        assert_eq!(key.open_token(InviteId::from_bytes([0; 16]), &sealed), Err(SealError));
        assert!(!sealed.windows(8).any(|part| token.expose().as_bytes().windows(8).any(|text| text == part)));
    }

    #[test]
    fn a_key_recognizes_its_check_value() {
        let key = SealKey::new(&[1; 32]);
        assert!(key.fits(&key.check_value()));
        assert!(!SealKey::new(&[2; 32]).fits(&key.check_value()));
    }

    #[test]
    fn a_grant_round_trips_and_cannot_be_forged() {
        let (key, id) = (SealKey::new(&[1; 32]), token().lookup_key().id);
        let now = Timestamp::from_millis(1_800_000_000_007);
        let text = key.admit(id, now, &Counter::default()).unwrap();
        let admission = key.read_admission(&text).unwrap();
        assert_eq!((admission.invite, admission.at), (id, now));
        assert_eq!(SealKey::new(&[2; 32]).read_admission(&text), Err(PreauthGrantError));
        let forged = text.replacen(|letter: char| letter.is_ascii_lowercase(), "A", 1);
        assert_eq!(key.read_admission(&forged), Err(PreauthGrantError));
    }

    #[test]
    fn a_receipt_round_trips_and_is_no_grant() {
        let (key, invite) = (SealKey::new(&[1; 32]), token().lookup_key().id);
        let at = Timestamp::from_millis(1_800_000_000_007);
        let username = crate::Username::parse("juliet").unwrap();
        let receipt = FormReceipt { invite, at, username, form: "f".to_owned(), client_app: None };
        let text = key.seal_receipt(&receipt, &Counter::default()).unwrap();
        assert_eq!(key.open_receipt(&text), Ok(receipt));
        assert_eq!(SealKey::new(&[2; 32]).open_receipt(&text), Err(SealError));
        assert_eq!(key.read_admission(&text), Err(PreauthGrantError));
        let grant = key.admit(invite, at, &Counter::default()).unwrap();
        assert_eq!(key.open_receipt(&grant), Err(SealError));
        let forged = text.replacen(|letter: char| letter.is_ascii_lowercase(), "A", 1);
        assert_eq!(key.open_receipt(&forged), Err(SealError));
        assert!(!text.contains("juliet"));
    }

    proptest! {
        #[test]
        fn no_text_is_accepted_as_a_grant(text in "[A-Za-z0-9_-]{0,120}") {
            prop_assert_eq!(SealKey::new(&[1; 32]).read_admission(&text), Err(PreauthGrantError));
        }

        #[test]
        fn flipped_bits_are_noticed(bits in proptest::collection::vec(0_usize..10_000, 1..4)) {
            let (key, token) = (SealKey::new(&[1; 32]), token());
            let id = token.lookup_key().id;
            let flip = |bytes: &mut [u8]| {
                for bit in &bits {
                    let bit = bit % (8 * bytes.len());
                    bytes[bit / 8] ^= 1 << (bit % 8);
                }
            };
            let sealed = key.seal_token(id, &token);
            let mut damaged = sealed.clone();
            flip(&mut damaged);
            let expected = if damaged == sealed { Ok(token) } else { Err(SealError) };
            prop_assert_eq!(key.open_token(id, &damaged), expected);

            let grant = key.admit(id, Timestamp::from_millis(1_800_000_000_000), &Counter::default()).unwrap();
            let mut damaged = grant.clone().into_bytes();
            flip(&mut damaged);
            let damaged = String::from_utf8(damaged).unwrap_or_default();
            if damaged != grant {
                prop_assert_eq!(key.read_admission(&damaged), Err(PreauthGrantError));
            }
        }
    }
}
