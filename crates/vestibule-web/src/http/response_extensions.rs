//! Extensions of responses, read by [`super::RequestLayer`]. They are never sent.

use vestibule_core::{Refusal, StoreError, TokenRefusal};

use crate::problem_type::ProblemType;

/// The token or key of the request is unknown: the client may be guessing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuthFailed;

/// The reason for a refusal: a label of the `refusals` metric, from a small fixed set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefusalReason(pub(crate) &'static str);

/// The name of the problem type. Two causes that only operators need to distinguish have separate names.
impl From<&StoreError> for RefusalReason {
    fn from(error: &StoreError) -> Self {
        Self(match error {
            StoreError::Busy(_) => "busy",
            StoreError::Unknown(_) => "outcome-unknown",
            StoreError::Refused(_) | StoreError::Unavailable(_) | StoreError::Corrupt(_) => {
                ProblemType::of(error).name
            }
        })
    }
}

impl From<TokenRefusal> for RefusalReason {
    fn from(reason: TokenRefusal) -> Self {
        Self(ProblemType::of_refusal(&Refusal::Token(reason)).name)
    }
}
