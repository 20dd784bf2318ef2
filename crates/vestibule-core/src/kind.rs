//! Kinds of invites.

use std::{fmt, str::FromStr};

/// The kind of an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An account on the host (XEP-0401 "account creation").
    Account,
    /// An account on the host, and the inviter as first contact (XEP-0401 "easy onboarding").
    AccountAndContact,
    /// The inviter as a contact, for an account on any server (XEP-0379).
    Contact,
    /// A new password for an existing account.
    PasswordReset,
}

/// The text is not a kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown kind: expected account, account-and-contact, contact or password-reset")]
pub struct UnknownKind;

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Account, Self::AccountAndContact, Self::Contact, Self::PasswordReset];

    /// The name used in the API, on the command line and in the databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::AccountAndContact => "account-and-contact",
            Self::Contact => "contact",
            Self::PasswordReset => "password-reset",
        }
    }

    /// Whether a redemption creates an account.
    pub const fn makes_account(self) -> bool {
        matches!(self, Self::Account | Self::AccountAndContact)
    }

    /// Whether the inviter becomes a contact, so that an inviter is required.
    pub const fn makes_contact(self) -> bool {
        matches!(self, Self::AccountAndContact | Self::Contact)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}
