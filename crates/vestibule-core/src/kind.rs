//! Kinds of invites.

use std::{fmt, str::FromStr};

/// What an invite offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An account on the host (XEP-0401 "account creation").
    Account,
    /// An account on the host, and the inviter as first contact (XEP-0401 "easy onboarding").
    AccountAndContact,
    /// To become a contact of the inviter, with an account anywhere (XEP-0379).
    Contact,
    /// A new password for an account that exists.
    PasswordReset,
}

/// The text names no kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown kind: expected account, account-and-contact, contact or password-reset")]
pub struct UnknownKind;

impl Kind {
    /// Every kind.
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

    /// Whether redeeming it makes a new account.
    pub const fn makes_account(self) -> bool {
        matches!(self, Self::Account | Self::AccountAndContact)
    }

    /// Whether it makes the inviter a contact, so that an inviter must be named.
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
