//! Claims: short leases on one use of an invite, and the redemptions that they become.

use std::{fmt, str::FromStr, time::Duration};

use jid::BareJid;
use ulid::Ulid;

use crate::{InviteId, Randomness, RandomnessError, Timestamp, TokenLookup, Username};

/// Lease of a claim.
pub const LEASE: Duration = Duration::from_mins(1);

/// Maximum number of claims under one grant. People mistype, and programs try names.
pub const MAX_CLAIMS_PER_GRANT: u32 = 20;

/// Time during which a failed claim counts. Short, since an invite with too many refuses everybody until it ends.
pub const FAILED_CLAIMS_WINDOW: Duration = Duration::from_mins(1);

/// Maximum number of failed claims of an invite within [`FAILED_CLAIMS_WINDOW`]. Each leaves rows behind, so this
/// limits how fast the holder of one link can grow the database. It is far above what people fail, because they share
/// the invite: what one of them may fail is limited by [`MAX_CLAIMS_PER_GRANT`].
pub const MAX_FAILED_CLAIMS: u32 = 1_000;

/// Maximum number of open claims that are listed at once.
pub const MAX_OPEN_CLAIMS: u32 = 200;

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
    /// Random id. A grant has at most one live claim.
    pub id: [u8; 16],
    /// The invite.
    pub invite: InviteId,
    /// Time of the check.
    pub at: Timestamp,
}

/// A claim to be inserted.
#[derive(Clone, Debug)]
pub struct NewClaim {
    /// Id of the claim.
    pub id: ClaimId,
    /// The invite, by its token.
    pub token: TokenLookup,
    /// The username to register; `None` for a contact without a new account.
    pub username: Option<Username>,
    /// Grant of an earlier check, if any.
    pub admission: Option<PreauthGrant>,
    /// A claim on the same invite to release in the same transaction. The caller guarantees that no account results
    /// from it.
    pub replaces: Option<ClaimId>,
    /// Channel of the account, if this service itself is about to create it. Until its outcome is known, such a claim
    /// is an [`OpenClaim`].
    pub via: Option<Via>,
}

/// A claim for which this service creates the account itself, without an outcome: the account may exist. It stays open
/// after its lease, and is not purged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenClaim {
    /// Id of the claim.
    pub id: ClaimId,
    /// The claimed invite.
    pub invite: InviteId,
    /// The username of the account.
    pub username: Username,
    /// Channel of the account.
    pub via: Via,
    /// Id of the grant under which it was made.
    pub grant: Option<[u8; 16]>,
    /// End of the lease.
    pub lease_until: Timestamp,
}

/// Selection of open claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenClaims {
    /// Those on an invite.
    Of(InviteId),
    /// Those with this id or a later one.
    Since(ClaimId),
}

/// A granted claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Id, to complete or release the claim.
    pub id: ClaimId,
    /// The claimed invite.
    pub invite: InviteId,
    /// End of the lease.
    pub expires_at: Timestamp,
}

/// The result of completing a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The redeemed invite.
    pub invite: InviteId,
    /// Whether the redemption exceeds the uses of the invite: the lease had ended, and another claim took the use. The
    /// redemption is recorded nevertheless.
    pub over_use: bool,
}

/// The channel of a redemption: `ibr`, `web` and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via(Box<str>);

impl Via {
    /// Parses 1 to 32 lower-case letters, digits, dashes and slashes.
    pub fn parse(text: &str) -> Option<Self> {
        let legal =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'/');
        ((1..=32).contains(&text.len()) && text.bytes().all(legal)).then(|| Self(text.into()))
    }

    /// The channel as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A completed claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// Id of the claim.
    pub claim: ClaimId,
    /// The claimed username; `None` for a contact without a new account.
    pub username: Option<Username>,
    /// The address that redeemed the invite.
    pub jid: BareJid,
    /// Channel of the redemption.
    pub via: Via,
    /// Time of completion.
    pub at: Timestamp,
    /// Whether the redemption exceeds the uses of the invite.
    pub over_use: bool,
}
