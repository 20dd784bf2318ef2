//! Why the answer is no.

use std::time::Duration;

use crate::{FieldError, ForbiddenUsername, Scope};

/// A refusal: the call was understood and the rules say no. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such key, a wrong secret, or its time is over. Which of these is not told.
    #[error("this API key is not known here, or it has expired or been deleted")]
    Unauthorized,
    /// The key is good, but not for this.
    #[error("this API key lacks the scope {0}")]
    Forbidden(Scope),
    /// The key is used faster than its rate allows.
    #[error("too many requests with this API key; try again in {} s", retry_after.as_secs())]
    RateLimited {
        /// When to try again; whole seconds.
        retry_after: Duration,
    },
    /// The host is not configured.
    #[error("please supply a valid host")]
    UnknownHost,
    /// There is no such invite, key or claim on this host. Holds what was looked for.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The token lets nobody in.
    #[error(transparent)]
    Token(#[from] TokenRefusal),
    /// The token is good, but not for this username.
    #[error(transparent)]
    Username(#[from] UsernameRefusal),
    /// The claim was completed before, so it cannot be released, nor completed by somebody else.
    #[error("this claim was completed before, by the account it was for; its use is spent")]
    ClaimCompleted,
    /// There are as many of these as there may be.
    #[error("there are {limit} {what} already, which is the limit; delete some first")]
    LimitReached {
        /// What there are too many of, in the plural.
        what: &'static str,
        /// How many there may be.
        limit: u32,
    },
    /// The `Idempotency-Key` came before, with something else to do.
    #[error("this Idempotency-Key was used for another request within the last 24 hours; take a new one")]
    IdempotencyMismatch,
    /// What was asked for breaks a rule; each field that does is named.
    #[error("{}", join(.0))]
    Invalid(Vec<FieldError>),
}

/// Why a token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TokenRefusal {
    /// No invite has it.
    #[error("this invite is not known here")]
    Unknown,
    /// Its time is over.
    #[error("this invite has expired")]
    Expired,
    /// No uses left.
    #[error("this invite has been used")]
    Used,
    /// Taken back.
    #[error("this invite has been revoked")]
    Revoked,
    /// Every use that is left is held by registrations under way. One of them may come to nothing.
    #[error("somebody is registering with this invite right now; try again in {} s", retry_after.as_secs())]
    Busy {
        /// When the first of them ends at the latest; whole seconds, at least one.
        retry_after: Duration,
    },
    /// Too many claims on this invite came to nothing lately.
    #[error("too many registrations with this invite have failed; try again in {} s", retry_after.as_secs())]
    TooManyAttempts {
        /// When to try again; whole seconds, at least one.
        retry_after: Duration,
    },
}

/// Why a good token does not fit a username.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum UsernameRefusal {
    /// Another invite holds the name.
    #[error("this username is reserved for another invite")]
    Reserved,
    /// The invite is bound to another name, or is of a kind that takes no username, or needs one.
    #[error("this invite is not for this username")]
    NotAllowed,
    /// The host allows no new account of this name. Says why.
    #[error(transparent)]
    Forbidden(#[from] ForbiddenUsername),
}

impl From<ForbiddenUsername> for Refusal {
    fn from(forbidden: ForbiddenUsername) -> Self {
        Self::Username(forbidden.into())
    }
}

impl Refusal {
    /// A refusal that names one field.
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }
}

fn join(errors: &[FieldError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
