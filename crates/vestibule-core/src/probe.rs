//! Probe tokens and proofs for `doctor`, both derived from the seal key.
//!
//! A *probe token* has the form of an invite token but belongs to no invite. It is derived from the seal key and valid
//! for a few minutes. `doctor` sends it to the XMPP server as `preauth`. When the server checks it with this service,
//! the service recognizes it and records the key, the client and whether the key was accepted. This tests the whole
//! chain without an invite.
//!
//! A *challenge* is answered with a proof that requires the seal key. It tells `doctor` whether the service at an
//! address uses the same data directory.

use std::time::Duration;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    Host, InviteService, KeyId, Principal, Randomness, Refusal, Scope, SealKey, Setting, StoreError,
    Timestamp, Token, TokenRefusal, seal,
};

/// Lifetime of a probe token, and maximum difference of the clocks.
const PROBE_LIFETIME: Duration = Duration::from_mins(5);

/// Number of random characters of a probe token. The others are derived from them.
const RANDOM_LEN: usize = 17;

/// Maximum number of recorded probes, for concurrent runs of `doctor`.
const MAX_RECORDED: usize = 8;

const PROBE_NONCE: [u8; 8] = *b"probe\0\0\0";
const PROOF_NONCE: [u8; 8] = *b"whois\0\0\0";

/// Length of a challenge and of its proof, in bytes.
pub const CHALLENGE_LEN: usize = 16;

/// Maximum length of the recorded name of a client.
const MAX_CLIENT_LEN: usize = 80;

/// A recorded probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenProbe {
    /// The id of the key, as presented; `None` if the request had no key of the form `ID/SECRET`.
    pub key: Option<KeyId>,
    /// Whether the key was accepted.
    pub verdict: ProbeVerdict,
    /// The `User-Agent` of the request; empty if there was none.
    pub client: String,
}

/// Whether the key of a probe was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeVerdict {
    /// It is a valid key of this host and has the scope `redeem`.
    Accepted(Host),
    /// Its scopes do not include `redeem`.
    LacksScope,
    /// It is missing, malformed, unknown, expired, or its secret is wrong.
    Rejected,
}

impl SeenProbe {
    /// One line, for [`Setting::Probes`].
    fn line(&self, prefix: &str) -> String {
        let verdict = match &self.verdict {
            ProbeVerdict::Accepted(host) => host.as_str(),
            ProbeVerdict::LacksScope => "?scope",
            ProbeVerdict::Rejected => "?key",
        };
        let key = self.key.as_ref().map_or("-", KeyId::as_str);
        format!("{prefix} {verdict} {key} {}", self.client)
    }

    /// Reads a line of this token.
    fn read(line: &str, token: &Token) -> Option<Self> {
        let mut parts = line.splitn(4, ' ');
        if !token.expose().starts_with(parts.next()?) {
            return None;
        }
        let verdict = match parts.next()? {
            "?scope" => ProbeVerdict::LacksScope,
            "?key" => ProbeVerdict::Rejected,
            host => ProbeVerdict::Accepted(Host::parse(host).ok()?),
        };
        let key = KeyId::parse(parts.next()?).ok().filter(|key| key.as_str() != "-");
        Some(Self { key, verdict, client: parts.next()?.to_owned() })
    }
}

impl SealKey {
    /// Derives a probe token from a random token. [`SealKey::is_probe`] recognizes it.
    pub fn probe_token(&self, random: &Token) -> Option<Token> {
        let prefix = random.expose().get(..RANDOM_LEN)?;
        Token::parse(&format!("{prefix}{}", self.probe_suffix(prefix))).ok()
    }

    /// Whether the token is a valid probe of this key.
    pub fn is_probe(&self, token: &Token, now: Timestamp) -> bool {
        let at = token.minted_at();
        let (Some(prefix), Some(suffix)) =
            (token.expose().get(..RANDOM_LEN), token.expose().get(RANDOM_LEN..))
        else {
            return false;
        };
        now.since(at).max(at.since(now)) <= PROBE_LIFETIME
            && bool::from(self.probe_suffix(prefix).as_bytes().ct_eq(suffix.as_bytes()))
    }

    /// The suffix of a probe token, which requires this key: eleven characters, 65 bits.
    fn probe_suffix(&self, prefix: &str) -> String {
        let digest = Sha256::digest(prefix);
        let mut unique = [0; 16];
        unique.copy_from_slice(&digest[..16]);
        let mut rest = u128::from_be_bytes(self.proof(unique, PROBE_NONCE));
        let letters = std::iter::repeat_with(|| {
            let letter = seal::letter(rest);
            rest /= 62;
            letter
        });
        letters.take(Token::LEN - RANDOM_LEN).collect()
    }

    /// The answer to a challenge, which requires this key. It reveals nothing about the key, and is useless for its
    /// other purposes.
    pub fn prove(&self, challenge: [u8; CHALLENGE_LEN]) -> [u8; CHALLENGE_LEN] {
        self.proof(challenge, PROOF_NONCE)
    }
}

impl InviteService {
    /// Generates a probe token.
    pub fn draw_probe(&self) -> Result<Token, StoreError> {
        let random = self.draw_token()?;
        self.seal_key().probe_token(&random).ok_or_else(|| StoreError::Corrupt("no probe".to_owned()))
    }

    /// Answers a challenge: see [`SealKey::prove`].
    pub fn prove(&self, challenge: [u8; CHALLENGE_LEN]) -> [u8; CHALLENGE_LEN] {
        self.seal_key().prove(challenge)
    }

    /// Records a request whose check was refused, if its token is a probe. `by` is `None` without a readable key;
    /// `client` is the `User-Agent`.
    pub async fn record_probe(
        &self,
        by: Option<&Principal>,
        token: &str,
        refused: &Refusal,
        client: &str,
    ) -> Result<(), StoreError> {
        let Ok(token) = Token::parse(token) else { return Ok(()) };
        if !self.seal_key().is_probe(&token, self.now()) {
            return Ok(());
        }
        let verdict = match (refused, by) {
            (Refusal::Unauthorized, _) | (_, None) => ProbeVerdict::Rejected,
            (Refusal::Forbidden(_), _) => ProbeVerdict::LacksScope,
            (Refusal::Token(TokenRefusal::Unknown), Some(by)) => {
                match self.store().authorize(by, Scope::Redeem.into()).await {
                    Ok(auth) => ProbeVerdict::Accepted(auth.host),
                    // The key has expired or was deleted since the check.
                    Err(StoreError::Refused(_)) => ProbeVerdict::Rejected,
                    Err(error) => return Err(error),
                }
            }
            _ => return Ok(()),
        };
        let key = match by {
            Some(Principal::Key(key)) => Some(key.id.clone()),
            _ => None,
        };
        let client = client.chars().filter(|one| *one == ' ' || one.is_ascii_graphic());
        let client = client.take(MAX_CLIENT_LEN).collect();
        let line = SeenProbe { key, verdict, client }.line(&token.expose()[..RANDOM_LEN]);
        let before = self.store().setting(Setting::Probes).await?.unwrap_or_default();
        let lines: Vec<_> = [line.as_str()].into_iter().chain(before.lines()).take(MAX_RECORDED).collect();
        self.store().set_setting(Setting::Probes, &lines.join("\n")).await
    }

    /// The last recorded request with a probe token.
    pub async fn seen_probe(&self, token: &Token) -> Result<Option<SeenProbe>, StoreError> {
        let lines = self.store().setting(Setting::Probes).await?.unwrap_or_default();
        Ok(lines.lines().find_map(|line| SeenProbe::read(line, token)))
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
    fn a_probe_is_recognized_by_its_key_for_a_limited_time() {
        let (key, other) = (SealKey::new(&[1; 32]), SealKey::new(&[2; 32]));
        let token = probe(&key);
        assert!(key.is_probe(&token, NOW) && key.is_probe(&token, NOW.plus(PROBE_LIFETIME)));
        assert!(!other.is_probe(&token, NOW));
        assert!(!key.is_probe(&token, NOW.plus(PROBE_LIFETIME + Duration::from_secs(1))));
        assert!(!key.is_probe(&token, NOW.minus(PROBE_LIFETIME + Duration::from_secs(1))));
        let mut changed = token.expose().to_owned();
        for at in 0..Token::LEN {
            let letter = if changed.as_bytes()[at] == b'x' { "y" } else { "x" };
            changed.replace_range(at..=at, letter);
            assert!(!key.is_probe(&Token::parse(&changed).unwrap(), NOW), "{at}");
            changed = token.expose().to_owned();
        }
    }

    #[test]
    fn an_invite_token_is_not_a_probe() {
        let (key, randomness) = (SealKey::new(&[1; 32]), Counter::default());
        for _ in 0..1000 {
            assert!(!key.is_probe(&Token::draw(NOW, &randomness).unwrap(), NOW));
        }
    }

    #[test]
    fn a_recorded_probe_is_read_again() {
        let token = probe(&SealKey::new(&[1; 32]));
        let other = SealKey::new(&[1; 32])
            .probe_token(&Token::draw(NOW.plus(PROBE_LIFETIME), &Counter::default()).unwrap());
        for verdict in [
            ProbeVerdict::Accepted(Host::parse("a.example").unwrap()),
            ProbeVerdict::LacksScope,
            ProbeVerdict::Rejected,
        ] {
            for (key, client) in [(Some("abc-_9"), "vestibule-bridge/0.1.0 Prosody/0.12.3"), (None, "")] {
                let key = key.map(|key| KeyId::parse(key).unwrap());
                let seen = SeenProbe { key, verdict: verdict.clone(), client: client.to_owned() };
                let line = seen.line(&token.expose()[..RANDOM_LEN]);
                assert_eq!(SeenProbe::read(&line, &token), Some(seen));
                assert_eq!(SeenProbe::read(&line, other.as_ref().unwrap()), None);
            }
        }
        // A line of an older version.
        let line = format!("{} a.example api/token/abc", &token.expose()[..RANDOM_LEN]);
        assert_eq!(SeenProbe::read(&line, &token), None);
    }

    #[test]
    fn a_proof_requires_the_key_and_matches_one_challenge() {
        let (key, other) = (SealKey::new(&[1; 32]), SealKey::new(&[2; 32]));
        assert_eq!(key.prove([7; 16]), SealKey::new(&[1; 32]).prove([7; 16]));
        assert_ne!(key.prove([7; 16]), other.prove([7; 16]));
        assert_ne!(key.prove([7; 16]), key.prove([8; 16]));
        // The same bytes result in a different value for a probe.
        assert_ne!(key.prove([7; 16]), key.proof([7; 16], PROBE_NONCE));
    }
}
