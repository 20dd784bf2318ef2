//! What an answer tells the layers around it, in its extensions. Nothing of it is sent.

use vestibule_core::{Refusal, StoreError, TokenRefusal};

use crate::api::ProblemType;

/// The answer to a token or key that is not known here: somebody may be guessing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuthFailed;

/// Why the request was refused: a name out of a small fixed set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefusalReason(pub(crate) &'static str);

/// The same names as in the types of problems, but for what clients are told alike and operators must tell apart.
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
    fn from(why: TokenRefusal) -> Self {
        Self(ProblemType::of_refusal(&Refusal::Token(why)).name)
    }
}
