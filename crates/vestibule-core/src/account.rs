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
}

/// The text is not an account change.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected password-changed, disabled or deleted")]
pub struct UnknownAccountChange;

impl AccountChange {
    /// All changes.
    pub const ALL: [Self; 3] = [Self::PasswordChanged, Self::Disabled, Self::Deleted];

    /// The name used in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordChanged => "password-changed",
            Self::Disabled => "disabled",
            Self::Deleted => "deleted",
        }
    }

    /// Whether invites created by the account are revoked.
    pub const fn revokes_created_invites(self) -> bool {
        matches!(self, Self::Disabled | Self::Deleted)
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
