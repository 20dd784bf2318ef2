//! The audit log.

use std::fmt;

use crate::{Host, Source, Timestamp};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// An invite was minted.
    InviteCreated,
    /// Expiry, uses or note of an invite were changed.
    InviteEdited,
    /// An invite was taken back.
    InviteRevoked,
    /// A revoked invite was made good again.
    InviteRestored,
    /// A use of an invite was claimed.
    InviteClaimed,
    /// A claim was given back.
    InviteReleased,
    /// A claim was completed: somebody came in.
    InviteRedeemed,
    /// A claim was completed beyond what the invite allows. An incident: look at it.
    InviteOverused,
    /// An invite was removed, long after it was over.
    InvitePurged,
    /// A key was made.
    KeyCreated,
    /// A key was deleted.
    KeyDeleted,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 11] = [
        Self::InviteCreated,
        Self::InviteEdited,
        Self::InviteRevoked,
        Self::InviteRestored,
        Self::InviteClaimed,
        Self::InviteReleased,
        Self::InviteRedeemed,
        Self::InviteOverused,
        Self::InvitePurged,
        Self::KeyCreated,
        Self::KeyDeleted,
    ];

    /// The name used in the API and in the databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InviteCreated => "invite.created",
            Self::InviteEdited => "invite.edited",
            Self::InviteRevoked => "invite.revoked",
            Self::InviteRestored => "invite.restored",
            Self::InviteClaimed => "invite.claimed",
            Self::InviteReleased => "invite.released",
            Self::InviteRedeemed => "invite.redeemed",
            Self::InviteOverused => "invite.over-used",
            Self::InvitePurged => "invite.purged",
            Self::KeyCreated => "key.created",
            Self::KeyDeleted => "key.deleted",
        }
    }

    /// Takes an action back out of a database.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of the audit log. It names ids, never secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the log of its host, counted from 1.
    pub seq: i64,
    /// When it happened.
    pub at: Timestamp,
    /// The host it is about.
    pub host: Host,
    /// Who did it.
    pub source: Source,
    /// What happened.
    pub action: Action,
    /// The id of the invite or key.
    pub subject: String,
    /// More, where the action needs it: the address that came in, for example.
    pub detail: Option<String>,
}
