//! Refusals.

use std::time::Duration;

use crate::{FieldError, ForbiddenUsername, InviterLimitReached, Scope, Username};

/// A refusal of a valid call by the rules. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Unknown key, wrong secret, or expired key. Callers cannot distinguish these.
    #[error("this API key is unknown, expired or deleted")]
    Unauthorized,
    /// The key lacks a scope.
    #[error("this API key lacks the scope {0}")]
    Forbidden(Scope),
    /// The key exceeds its rate limit.
    #[error("too many requests with this API key; try again in {} s", retry_after.as_secs())]
    RateLimited {
        /// Time to wait, in whole seconds.
        retry_after: Duration,
    },
    /// The host is not configured.
    #[error("please supply a valid host")]
    UnknownHost,
    /// The invite, key or claim does not exist on this host. Contains the kind of object.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The token cannot be redeemed.
    #[error(transparent)]
    Token(#[from] TokenRefusal),
    /// The token is valid, but not for this username.
    #[error(transparent)]
    Username(#[from] UsernameRefusal),
    /// The claim is already completed, so it can be neither released nor completed with another JID.
    #[error("this claim is already completed")]
    ClaimCompleted,
    /// A limit is reached.
    #[error("the limit of {limit} {what} is reached; delete some first")]
    LimitReached {
        /// Name of the limited objects, in the plural.
        what: &'static str,
        /// The limit.
        limit: u32,
    },
    /// The member in whose name the invite would be made has reached a limit.
    #[error("{0}")]
    InviterLimit(Box<InviterLimitReached>),
    /// The member in whose name the invite would be made was stopped by an operator.
    #[error("{0} is not allowed to invite")]
    InviterStopped(Username),
    /// The `Idempotency-Key` was used before with a different request.
    #[error("this Idempotency-Key was used for another request within the last 24 hours; use a new one")]
    IdempotencyMismatch,
    /// Invalid fields.
    #[error("{}", join(.0))]
    Invalid(Vec<FieldError>),
}

/// Reason why a token cannot be redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TokenRefusal {
    /// No invite has this token.
    #[error("this invite does not exist")]
    Unknown,
    /// Expired.
    #[error("this invite has expired")]
    Expired,
    /// No uses left.
    #[error("this invite has been used")]
    Used,
    /// Revoked.
    #[error("this invite has been revoked")]
    Revoked,
    /// All remaining uses are held by live claims, some of which may fail.
    #[error("all uses of this invite are claimed by registrations in progress; try again in {} s", retry_after.as_secs())]
    Busy {
        /// Time until the first of their leases ends, in whole seconds, at least one.
        retry_after: Duration,
    },
    /// Too many recent claims on this invite failed.
    #[error("too many registrations with this invite have failed; try again in {} s", retry_after.as_secs())]
    TooManyAttempts {
        /// Time to wait, in whole seconds, at least one.
        retry_after: Duration,
    },
}

/// Reason why a valid token does not fit a username.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum UsernameRefusal {
    /// The name is reserved by another invite.
    #[error("this username is reserved for another invite")]
    Reserved,
    /// The invite is bound to another name, or its kind takes no username, or requires one.
    #[error("this invite is not for this username")]
    NotAllowed,
    /// The host does not allow this name for new accounts.
    #[error(transparent)]
    Forbidden(#[from] ForbiddenUsername),
}

impl From<ForbiddenUsername> for Refusal {
    fn from(forbidden: ForbiddenUsername) -> Self {
        Self::Username(forbidden.into())
    }
}

impl Refusal {
    /// A refusal for one invalid field.
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }
}

fn join(errors: &[FieldError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
