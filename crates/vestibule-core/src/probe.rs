//! Probe tokens and proofs for `doctor`, both derived from the seal key.
//!
//! A *probe token* has the form of an invite token and is none: it is made of the seal key alone, and good for a few
//! minutes. `doctor` shows it to the XMPP server as `preauth`. Where the server asks this service about it, the
//! service recognises it and writes down which key asked. So the whole chain is proven, and no invite is touched.
//!
//! A *challenge* is answered with a proof that needs the seal key, so that `doctor` knows whether the service that
//! answers at an address works on the data that `doctor` has before it.

use std::time::Duration;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    Host, InviteService, Principal, Randomness, Refusal, Scope, SealKey, Setting, StoreError, Timestamp,
    Token, TokenRefusal, seal,
};

/// How long a probe token is recognised, and how far clocks may be apart.
const LIFE: Duration = Duration::from_mins(5);

/// Characters of a probe token that are drawn; the others are made of them.
const DRAWN: usize = 17;

/// So many probes are remembered, for several runs of `doctor` at the same time.
const REMEMBERED: usize = 8;

const PROBE_NONCE: [u8; 8] = *b"probe\0\0\0";
const PROOF_NONCE: [u8; 8] = *b"whois\0\0\0";

/// Length of a challenge and of its proof, in bytes.
pub const CHALLENGE_LEN: usize = 16;

/// A probe that has reached the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenProbe {
    /// The host of the key that asked.
    pub host: Host,
    /// Who asked, as the audit log writes it: `api/token/ID`.
    pub source: String,
}

impl SealKey {
    /// A token of that shape whose end is made of its beginning, so that [`SealKey::is_probe`] recognises it.
    pub fn probe_token(&self, drawn: &Token) -> Option<Token> {
        let begin = drawn.expose().get(..DRAWN)?;
        Token::parse(&format!("{begin}{}", self.probe_end(begin))).ok()
    }

    /// Whether this key made the token as a probe a moment ago.
    pub fn is_probe(&self, token: &Token, now: Timestamp) -> bool {
        let at = token.minted_at();
        let (Some(begin), Some(end)) = (token.expose().get(..DRAWN), token.expose().get(DRAWN..)) else {
            return false;
        };
        now.since(at).max(at.since(now)) <= LIFE
            && bool::from(self.probe_end(begin).as_bytes().ct_eq(end.as_bytes()))
    }

    /// The characters that only this key puts after `begin`: eleven, 65 bits.
    fn probe_end(&self, begin: &str) -> String {
        let digest = Sha256::digest(begin);
        let mut unique = [0; 16];
        unique.copy_from_slice(&digest[..16]);
        let mut rest = u128::from_be_bytes(self.proof(unique, PROBE_NONCE));
        let letters = std::iter::repeat_with(|| {
            let letter = seal::letter(rest);
            rest /= 62;
            letter
        });
        letters.take(Token::LEN - DRAWN).collect()
    }

    /// The answer to a challenge, which nobody can give without this key. It tells nothing else about the key, and
    /// is of no use for anything else that the key does.
    pub fn prove(&self, challenge: [u8; CHALLENGE_LEN]) -> [u8; CHALLENGE_LEN] {
        self.proof(challenge, PROOF_NONCE)
    }
}

impl InviteService {
    /// Draws a probe token.
    pub fn draw_probe(&self) -> Result<Token, StoreError> {
        let drawn = self.draw_token()?;
        self.seal_key().probe_token(&drawn).ok_or_else(|| StoreError::Corrupt("no probe".to_owned()))
    }

    /// Answers a challenge: see [`SealKey::prove`].
    pub fn prove(&self, challenge: [u8; CHALLENGE_LEN]) -> [u8; CHALLENGE_LEN] {
        self.seal_key().prove(challenge)
    }

    /// Writes down that a probe has come, where `refused` is a probe token that was refused as unknown after `by`
    /// was found to hold [`Scope::Redeem`].
    pub async fn note_probe(
        &self,
        by: &Principal,
        token: &str,
        refused: &StoreError,
    ) -> Result<(), StoreError> {
        let unknown = matches!(refused, StoreError::Refused(Refusal::Token(TokenRefusal::Unknown)));
        let Ok(token) = Token::parse(token) else { return Ok(()) };
        if !unknown || !self.seal_key().is_probe(&token, self.now()) {
            return Ok(());
        }
        let grant = self.store().authorize(by, Scope::Redeem.into()).await?;
        let begin = &token.expose()[..DRAWN];
        let before = self.store().setting(Setting::Probes).await?.unwrap_or_default();
        let line = format!("{begin} {} {}", grant.host, grant.source);
        let lines: Vec<_> = [line.as_str()].into_iter().chain(before.lines()).take(REMEMBERED).collect();
        self.store().set_setting(Setting::Probes, &lines.join("\n")).await
    }

    /// Who has asked about a probe token; the one that was asked last counts.
    pub async fn seen_probe(&self, token: &Token) -> Result<Option<SeenProbe>, StoreError> {
        let lines = self.store().setting(Setting::Probes).await?.unwrap_or_default();
        Ok(lines.lines().find_map(|line| {
            let mut parts = line.splitn(3, ' ');
            let begin = parts.next()?;
            let host = Host::parse(parts.next()?).ok()?;
            let source = parts.next()?.to_owned();
            token.expose().starts_with(begin).then_some(SeenProbe { host, source })
        }))
    }

    fn draw_token(&self) -> Result<Token, StoreError> {
        let randomness: &dyn Randomness = self.randomness();
        Ok(Token::draw(self.now(), randomness)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::tests::Counter;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn probe(key: &SealKey) -> Token {
        key.probe_token(&Token::draw(NOW, &Counter::default()).unwrap()).unwrap()
    }

    #[test]
    fn a_probe_is_recognised_by_its_key_alone_and_not_for_long() {
        let (key, other) = (SealKey::new(&[1; 32]), SealKey::new(&[2; 32]));
        let token = probe(&key);
        assert!(key.is_probe(&token, NOW) && key.is_probe(&token, NOW.plus(LIFE)));
        assert!(!other.is_probe(&token, NOW));
        assert!(!key.is_probe(&token, NOW.plus(LIFE + Duration::from_secs(1))));
        assert!(!key.is_probe(&token, NOW.minus(LIFE + Duration::from_secs(1))));
        let mut changed = token.expose().to_owned();
        for at in 0..Token::LEN {
            let letter = if changed.as_bytes()[at] == b'x' { "y" } else { "x" };
            changed.replace_range(at..=at, letter);
            assert!(!key.is_probe(&Token::parse(&changed).unwrap(), NOW), "{at}");
            changed = token.expose().to_owned();
        }
    }

    #[test]
    fn an_invite_token_is_no_probe() {
        let (key, randomness) = (SealKey::new(&[1; 32]), Counter::default());
        for _ in 0..1000 {
            assert!(!key.is_probe(&Token::draw(NOW, &randomness).unwrap(), NOW));
        }
    }

    #[test]
    fn a_proof_needs_the_key_and_fits_one_challenge() {
        let (key, other) = (SealKey::new(&[1; 32]), SealKey::new(&[2; 32]));
        assert_eq!(key.prove([7; 16]), SealKey::new(&[1; 32]).prove([7; 16]));
        assert_ne!(key.prove([7; 16]), other.prove([7; 16]));
        assert_ne!(key.prove([7; 16]), key.prove([8; 16]));
        // Nor is it what the key makes of the same bytes for a probe.
        assert_ne!(key.prove([7; 16]), key.proof([7; 16], PROBE_NONCE));
    }
}
