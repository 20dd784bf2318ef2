//! Changes of accounts on the XMPP server that affect invites.

use std::{fmt, str::FromStr};

/// A change of an account that revokes invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountChange {
    /// Its password was changed, other than by an invite. Revokes its password resets.
    PasswordChanged,
    /// It was disabled. Revokes its password resets and the invites that it created.
    Disabled,
    /// It was deleted. Revokes the same, and its name is no longer taken.
    Deleted,
    /// No account has this name, and none may have had it: an account can be deleted without a report. Like
    /// [`Self::Deleted`] if an account of this name is known to have existed. Otherwise it revokes password resets and
    /// the invites that the reporting key created, since the XMPP server creates invites only for accounts that exist;
    /// invites that others created in advance for a new person stay valid.
    Absent,
}

/// The text is not an account change.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected password-changed, disabled, deleted or absent")]
pub struct UnknownAccountChange;

impl AccountChange {
    /// All changes.
    pub const ALL: [Self; 4] = [Self::PasswordChanged, Self::Disabled, Self::Deleted, Self::Absent];

    /// The name used in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordChanged => "password-changed",
            Self::Disabled => "disabled",
            Self::Deleted => "deleted",
            Self::Absent => "absent",
        }
    }

    /// Whether invites created by the account are revoked, of an absent one at least some.
    pub const fn revokes_created_invites(self) -> bool {
        matches!(self, Self::Disabled | Self::Deleted | Self::Absent)
    }
}

impl fmt::Display for AccountChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AccountChange {
    type Err = UnknownAccountChange;

    fn from_str(text: &str) -> Result<Self, UnknownAccountChange> {
        Self::ALL.into_iter().find(|change| change.as_str() == text).ok_or(UnknownAccountChange)
    }
}
