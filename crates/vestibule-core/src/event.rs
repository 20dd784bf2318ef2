//! The audit log.

use std::fmt;

use crate::{Host, Source, Timestamp};

/// The action of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// An invite was created.
    InviteCreated,
    /// Properties of an invite were changed, such as its expiry, its uses or its note.
    InviteEdited,
    /// An invite was revoked.
    InviteRevoked,
    /// A revoked invite was restored.
    InviteRestored,
    /// A use of an invite was claimed.
    InviteClaimed,
    /// A claim was released.
    InviteReleased,
    /// A claim was completed: an account was created.
    InviteRedeemed,
    /// A claim was completed beyond the uses of the invite: an incident to investigate.
    InviteOverused,
    /// The holder of an invite asked for its renewal.
    InviteRenewalRequested,
    /// An old invite was purged.
    InvitePurged,
    /// A key was created.
    KeyCreated,
    /// A key was deleted.
    KeyDeleted,
    /// A member was stopped from inviting.
    MemberStopped,
    /// A stopped member was allowed to invite again.
    MemberAllowed,
    /// A login link of the console was created.
    LoginLinkCreated,
    /// A session of the console was started with a login link.
    SessionStarted,
    /// A session of the console was ended by a person.
    SessionEnded,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 17] = [
        Self::InviteCreated,
        Self::InviteEdited,
        Self::InviteRevoked,
        Self::InviteRestored,
        Self::InviteClaimed,
        Self::InviteReleased,
        Self::InviteRedeemed,
        Self::InviteOverused,
        Self::InviteRenewalRequested,
        Self::InvitePurged,
        Self::KeyCreated,
        Self::KeyDeleted,
        Self::MemberStopped,
        Self::MemberAllowed,
        Self::LoginLinkCreated,
        Self::SessionStarted,
        Self::SessionEnded,
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
            Self::InviteRenewalRequested => "invite.renewal-requested",
            Self::InvitePurged => "invite.purged",
            Self::KeyCreated => "key.created",
            Self::KeyDeleted => "key.deleted",
            Self::MemberStopped => "member.stopped",
            Self::MemberAllowed => "member.allowed",
            Self::LoginLinkCreated => "login-link.created",
            Self::SessionStarted => "session.started",
            Self::SessionEnded => "session.ended",
        }
    }

    /// Converts a stored action.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An entry of the audit log. It contains ids, never secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Sequence number in the log of the host, starting at 1.
    pub seq: i64,
    /// Time of the event.
    pub at: Timestamp,
    /// Host of the invite, key or member.
    pub host: Host,
    /// Originator of the change.
    pub source: Source,
    /// Action of the event.
    pub action: Action,
    /// The id of the invite or key, the username of the member, or the name of the person.
    pub subject: String,
    /// Details of some actions, such as the registered JID.
    pub detail: Option<String>,
}
