//! What an answer tells the layers around it, in its extensions. Nothing of it is sent.

use vestibule_core::{Refusal, StoreError, TokenRefusal, UsernameRefusal};

/// The answer to a token or key that is not known here: somebody may be guessing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuessFailed;

/// Why the request was refused: a name out of a small fixed set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefusalReason(pub(crate) &'static str);

impl From<&StoreError> for RefusalReason {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => refusal.into(),
            StoreError::Unavailable(_) => Self("unavailable"),
            StoreError::Corrupt(_) => Self("corrupt"),
        }
    }
}

impl From<&Refusal> for RefusalReason {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Unauthorized => Self("unauthorized"),
            Refusal::Forbidden(_) => Self("forbidden"),
            Refusal::RateLimited { .. } => Self("rate-limited"),
            Refusal::UnknownHost => Self("unknown-host"),
            Refusal::NotFound(_) => Self("not-found"),
            Refusal::Token(why) => (*why).into(),
            Refusal::Username(UsernameRefusal::Reserved) => Self("username-reserved"),
            Refusal::Username(UsernameRefusal::NotAllowed) => Self("username-not-allowed"),
            Refusal::ClaimCompleted => Self("claim-completed"),
            Refusal::Invalid(_) => Self("invalid"),
        }
    }
}

impl From<TokenRefusal> for RefusalReason {
    fn from(why: TokenRefusal) -> Self {
        Self(match why {
            TokenRefusal::Unknown => "token-unknown",
            TokenRefusal::Expired => "token-expired",
            TokenRefusal::Used => "token-used",
            TokenRefusal::Revoked => "token-revoked",
        })
    }
}
