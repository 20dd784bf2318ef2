//! Invites.

use std::{fmt, str::FromStr};

use serde_json::{Map, Value};
use ulid::Ulid;

use crate::{Host, Kind, Source, Timestamp, TokenHash, Username};

/// The public handle of an invite, safe in logs and addresses: a ULID.
///
/// It follows from the token: its first 48 bits are the time that the token carries, the other 80 the
/// first bits of the token's SHA-256. So one index finds an invite by id and by token, and the id gives
/// nothing away about the token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InviteId(Ulid);

/// The text is not an invite id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an invite id: expected 26 letters and digits, as `invites list` prints them")]
pub struct InviteIdError;

impl InviteId {
    /// The id of the invite whose token was minted at `minted_at` and has this hash.
    pub fn of(minted_at: Timestamp, hash: &TokenHash) -> Self {
        let mut high = [0; 16];
        high[6..].copy_from_slice(&hash.as_bytes()[..10]);
        let millis = u64::try_from(minted_at.as_millis()).unwrap_or(0);
        Self(Ulid::from_parts(millis, u128::from_be_bytes(high)))
    }

    /// The id as the databases keep it; sorts like the id itself.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_bytes()
    }

    /// Takes an id back out of a database.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Ulid::from_bytes(bytes))
    }
}

impl fmt::Display for InviteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for InviteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InviteId({})", self.0)
    }
}

impl FromStr for InviteId {
    type Err = InviteIdError;

    fn from_str(text: &str) -> Result<Self, InviteIdError> {
        Ulid::from_string(text).map(Self).map_err(|_| InviteIdError)
    }
}

/// Where an invite stands. Computed from what is stored and the present moment, never stored itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// May be redeemed.
    Pending,
    /// No uses left.
    Used,
    /// Its time is over.
    Expired,
    /// Taken back.
    Revoked,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Used, Self::Expired, Self::Revoked];

    /// The name used in the API and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for State {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or("unknown state: expected pending, used, expired or revoked")
    }
}

/// An invite as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Invite {
    /// The public handle.
    pub id: InviteId,
    /// The host it is for.
    pub host: Host,
    /// What it offers.
    pub kind: Kind,
    /// The only username it may be redeemed with; reserved for it while it is pending.
    pub username: Option<Username>,
    /// Who invites: becomes a contact where the kind says so.
    pub inviter: Option<Username>,
    /// Groups that the new account joins.
    pub groups: Vec<String>,
    /// Roles that the new account gets.
    pub roles: Vec<String>,
    /// How often it may be redeemed; `None` is without limit.
    pub max_uses: Option<u32>,
    /// How often it has been redeemed.
    pub uses: u32,
    /// When it was minted.
    pub created_at: Timestamp,
    /// From this moment on it is expired.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// When it was last redeemed.
    pub used_at: Option<Timestamp>,
    /// Who minted it.
    pub source: Source,
    /// A remark for people.
    pub note: Option<String>,
    /// A free object, kept as it is.
    pub data: Option<Map<String, Value>>,
    /// The token, sealed with the key that lies outside the database.
    pub sealed_token: Vec<u8>,
}

/// An invite on its way into the store: checked, with its token drawn, its host and expiry still open
/// where the maker is a key (the store reads both where it reads the key).
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// The id that follows from the token.
    pub id: InviteId,
    /// The hash to find it by.
    pub hash: TokenHash,
    /// The token, sealed.
    pub sealed_token: Vec<u8>,
    /// What was asked for.
    pub draft: crate::Draft,
}

impl NewInvite {
    /// The invite as it will be stored, minted on `host` by `source` at `now`.
    pub fn into_invite(self, host: Host, source: Source, now: Timestamp, expires_at: Timestamp) -> Invite {
        let draft = self.draft;
        Invite {
            id: self.id,
            host,
            kind: draft.kind,
            username: draft.username,
            inviter: draft.inviter,
            groups: draft.groups,
            roles: draft.roles,
            max_uses: draft.max_uses,
            uses: 0,
            created_at: now,
            expires_at,
            revoked_at: None,
            used_at: None,
            source,
            note: draft.note,
            data: draft.data,
            sealed_token: self.sealed_token,
        }
    }
}
