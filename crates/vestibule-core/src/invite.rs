//! Invites.

use std::{fmt, str::FromStr};

use serde_json::{Map, Value};
use ulid::Ulid;

use crate::{Host, InviterName, Kind, LanguageTag, Message, Source, Timestamp, TokenHash, Username};

/// The public id of an invite, a ULID. Safe in logs and URLs.
///
/// Derived from the token: the first 48 bits are the token's time, the other 80 are the first bits of the token's
/// SHA-256. One index therefore finds an invite by id and by token, and the id reveals nothing about the token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InviteId(Ulid);

/// The text is not an invite id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an invite id: expected 26 letters and digits, as `invites list` prints them")]
pub struct InviteIdError;

impl InviteId {
    /// The id of the invite whose token was created at `minted_at` and has this hash.
    pub fn of(minted_at: Timestamp, hash: &TokenHash) -> Self {
        let mut high = [0; 16];
        high[6..].copy_from_slice(&hash.as_bytes()[..10]);
        let millis = u64::try_from(minted_at.as_millis()).unwrap_or(0);
        Self(Ulid::from_parts(millis, u128::from_be_bytes(high)))
    }

    /// Whether the token was imported from another program. Such a token contains no time.
    pub const fn is_imported(self) -> bool {
        self.0.timestamp_ms() == 0
    }

    /// The id as stored in databases; sorts like the id itself.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_bytes()
    }

    /// Converts a stored id.
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

/// The state of an invite. Computed from the stored fields and the current time, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Can be redeemed.
    Pending,
    /// No uses left.
    Used,
    /// Expired.
    Expired,
    /// Revoked.
    Revoked,
}

impl State {
    /// All states.
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

/// A stored invite.
#[derive(Clone, Debug, PartialEq)]
pub struct Invite {
    /// Public id.
    pub id: InviteId,
    /// Host of the invite.
    pub host: Host,
    /// Kind of the invite.
    pub kind: Kind,
    /// The only username that can redeem the invite; reserved while the invite is pending.
    pub username: Option<Username>,
    /// The inviter, who becomes a contact if the kind includes one.
    pub inviter: Option<Username>,
    /// Groups that the new account joins.
    pub groups: Vec<String>,
    /// Roles that the new account gets.
    pub roles: Vec<String>,
    /// Maximum number of uses; `None` is unlimited.
    pub max_uses: Option<u32>,
    /// Number of redemptions.
    pub uses: u32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time from which the invite is expired.
    pub expires_at: Timestamp,
    /// Time of revocation.
    pub revoked_at: Option<Timestamp>,
    /// Time of the last redemption.
    pub used_at: Option<Timestamp>,
    /// Time of the last request for a renewal; `None` again once an edit has answered it.
    pub renewal_requested_at: Option<Timestamp>,
    /// Creator of the invite.
    pub source: Source,
    /// A note for people.
    pub note: Option<String>,
    /// A free-form JSON object, stored unchanged.
    pub data: Option<Map<String, Value>>,
    /// A word to the invited person.
    pub message: Option<Message>,
    /// Display name of the inviter, with or without an `inviter`. It proves nothing; see [`InviterName`].
    pub inviter_name: Option<InviterName>,
    /// The language of the pages for a visitor without a preference, such as the preview of a link.
    pub language: Option<LanguageTag>,
    /// The token, sealed with a key that is stored outside the database.
    pub sealed_token: Vec<u8>,
}

/// A validated invite with its token, to be inserted. Host and expiry are resolved by the store when it reads the key
/// of the caller.
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// The id derived from the token.
    pub id: InviteId,
    /// The lookup hash of the token.
    pub hash: TokenHash,
    /// The token, sealed.
    pub sealed_token: Vec<u8>,
    /// The requested properties.
    pub draft: crate::Draft,
}

impl NewInvite {
    /// The invite to store, created on `host` by `source` at `now`.
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
            renewal_requested_at: None,
            source,
            note: draft.note,
            data: draft.data,
            message: draft.message,
            inviter_name: draft.inviter_name,
            language: draft.language,
            sealed_token: self.sealed_token,
        }
    }
}
