//! Why the answer is no.

use std::time::Duration;

use crate::{FieldError, Scope};

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
    /// The claim was completed before, so it cannot be released.
    #[error("this claim was completed before; its use is spent")]
    ClaimCompleted,
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
