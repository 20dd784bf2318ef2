//! What happens to accounts on the XMPP server, as far as invites follow it.

use std::{fmt, str::FromStr};

/// A change of an account that ends invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountChange {
    /// It has a new password, and not by one of our invites: links to set one are no longer good.
    PasswordChanged,
    /// Nobody can log in to it for now. Ends its password resets and the invites that it made.
    Disabled,
    /// It is gone. Ends the same, and the name no longer counts as taken.
    Deleted,
}

/// The text names no change.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected password-changed, disabled or deleted")]
pub struct UnknownAccountChange;

impl AccountChange {
    /// Every change.
    pub const ALL: [Self; 3] = [Self::PasswordChanged, Self::Disabled, Self::Deleted];

    /// The name used in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordChanged => "password-changed",
            Self::Disabled => "disabled",
            Self::Deleted => "deleted",
        }
    }

    /// Whether the invites that the account made end with it.
    pub const fn ends_invites_made(self) -> bool {
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
