//! Claims: short leases on one use of an invite, and the redemptions that they become.

use std::{fmt, str::FromStr, time::Duration};

use jid::BareJid;
use ulid::Ulid;

use crate::{InviteId, Randomness, RandomnessError, Timestamp, TokenLookup, Username};

/// The lease of a claim that is not completed.
pub const LEASE: Duration = Duration::from_mins(1);

/// The most claims under one grant. People mistype, and programs try names.
pub const MAX_CLAIMS_PER_GRANT: u32 = 20;

/// The window in which failed claims of an invite are counted.
pub const FAILED_CLAIMS_WINDOW: Duration = Duration::from_hours(1);

/// The most failed claims of an invite within [`FAILED_CLAIMS_WINDOW`]. Each leaves rows behind, so this bounds the
/// growth of the database by the holder of one link. Invites with many uses allow more.
pub const fn max_failed_claims(max_uses: Option<u32>) -> u32 {
    const BASE: u32 = 100;
    const MOST: u32 = 1_000;
    match max_uses {
        Some(uses) if uses < (MOST - BASE) / 10 => BASE + 10 * uses,
        _ => MOST,
    }
}

/// The id of a claim: a ULID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(Ulid);

impl ClaimId {
    /// Generates an id at `now`.
    pub fn draw(now: Timestamp, randomness: &dyn Randomness) -> Result<Self, RandomnessError> {
        let mut random = [0; 16];
        randomness.fill(&mut random[6..])?;
        Ok(Self::at(now, u128::from_be_bytes(random)))
    }

    /// The lowest id of `now`: ids begin with the time, so later ones are higher.
    pub fn lowest(now: Timestamp) -> Self {
        Self::at(now, 0)
    }

    fn at(now: Timestamp, random: u128) -> Self {
        Self(Ulid::from_parts(u64::try_from(now.as_millis()).unwrap_or(0), random))
    }

    /// The id as stored in databases.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_bytes()
    }

    /// Converts a stored id.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Ulid::from_bytes(bytes))
    }
}

impl FromStr for ClaimId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ulid::from_string(text).map(Self).map_err(|_| "not a claim id")
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimId({})", self.0)
    }
}

/// Proof that a token was valid at some time (the `preauth` of XEP-0445). It allows a claim after the invite has
/// expired (XEP-0445 section 4: expiry is checked at `preauth` only).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreauthGrant {
    /// Its random id; it has at most one live claim.
    pub id: [u8; 16],
    /// The invite.
    pub invite: InviteId,
    /// When the check was passed.
    pub at: Timestamp,
}

/// A claim on its way into the store.
#[derive(Clone, Debug)]
pub struct NewClaim {
    /// Its name, just drawn.
    pub id: ClaimId,
    /// The invite, by its token.
    pub token: TokenLookup,
    /// The username that is about to be registered; `None` for somebody who becomes a contact alone.
    pub username: Option<Username>,
    /// The check that was passed before, if there was one.
    pub admission: Option<PreauthGrant>,
    /// A claim on the same invite to release in the same transaction. The caller guarantees that it made no account
    /// and never will.
    pub replaces: Option<ClaimId>,
}

/// A claim that was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its name, to complete or release it by.
    pub id: ClaimId,
    /// The invite it holds a use of.
    pub invite: InviteId,
    /// When the lease runs out.
    pub expires_at: Timestamp,
}

/// What completing a claim did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The invite whose use is spent.
    pub invite: InviteId,
    /// The redemption went beyond what the invite allows: its lease had run out and somebody else was
    /// faster. It is recorded all the same, and reported.
    pub over_use: bool,
}

/// By which way an invite was redeemed: `ibr`, `web` and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via(Box<str>);

impl Via {
    /// Reads 1 to 32 lower-case letters, digits, dashes and slashes.
    pub fn parse(text: &str) -> Option<Self> {
        let legal =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'/');
        ((1..=32).contains(&text.len()) && text.bytes().all(legal)).then(|| Self(text.into()))
    }

    /// The way as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A completed claim: who came in, when, how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// The claim that it was.
    pub claim: ClaimId,
    /// The username that was claimed; `None` where somebody became a contact alone.
    pub username: Option<Username>,
    /// The address that redeemed it.
    pub jid: BareJid,
    /// By which way.
    pub via: Via,
    /// When it was completed.
    pub at: Timestamp,
    /// It went beyond what the invite allows.
    pub over_use: bool,
}
