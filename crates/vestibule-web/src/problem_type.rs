//! Types of problems: the stable names under which errors are reported (RFC 9457) and counted.

use http::StatusCode;
use vestibule_core::{Refusal, StoreError, TokenRefusal, UsernameRefusal};

/// A problem type: a stable name for programs, and a title for people.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProblemType {
    pub(crate) name: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) title: &'static str,
}

macro_rules! problem_types {
    ($($constant:ident = $name:literal $status:ident $title:literal;)+) => {
        impl ProblemType {
            $(pub(crate) const $constant: Self =
                Self { name: $name, status: StatusCode::$status, title: $title };)+

            /// All problem types.
            pub(crate) const ALL: &[Self] = &[$(Self::$constant),+];
        }
    };
}

problem_types! {
    UNAUTHORIZED = "unauthorized" UNAUTHORIZED "A valid API key is required";
    FORBIDDEN = "forbidden" FORBIDDEN "The API key lacks a permission";
    NOT_FOUND = "not-found" NOT_FOUND "Not found";
    METHOD_NOT_ALLOWED = "method-not-allowed" METHOD_NOT_ALLOWED "Method not allowed";
    INVALID = "invalid" UNPROCESSABLE_ENTITY "The request is invalid";
    TOO_LARGE = "too-large" PAYLOAD_TOO_LARGE "The request is too large";
    REQUEST_TIMEOUT = "request-timeout" REQUEST_TIMEOUT "The request took too long to arrive";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "The body must be JSON";
    USERNAME_RESERVED = "username-reserved" CONFLICT "The username is reserved for another invite";
    USERNAME_NOT_ALLOWED = "username-not-allowed" CONFLICT "The invite is not for this username";
    TOKEN_BUSY = "token-busy" CONFLICT "All remaining uses of the invite are claimed";
    LIMIT_REACHED = "limit-reached" CONFLICT "The limit has been reached";
    INVITER_STOPPED = "inviter-stopped" FORBIDDEN "This member is not allowed to invite";
    CLAIM_COMPLETED = "claim-completed" CONFLICT "The claim is already completed";
    TOKEN_UNKNOWN = "token-unknown" NOT_FOUND "No invite has this token";
    TOKEN_EXPIRED = "token-expired" GONE "The invite has expired";
    TOKEN_USED = "token-used" GONE "The invite has been used";
    TOKEN_REVOKED = "token-revoked" GONE "The invite has been revoked";
    RATE_LIMITED = "rate-limited" TOO_MANY_REQUESTS "Too many requests";
    IDEMPOTENCY_MISMATCH = "idempotency-mismatch" UNPROCESSABLE_ENTITY "The Idempotency-Key was used for another request";
    UNAVAILABLE = "unavailable" SERVICE_UNAVAILABLE "The service is temporarily unavailable";
    INTERNAL = "internal" INTERNAL_SERVER_ERROR "Internal error";
}

impl ProblemType {
    /// The type of an error.
    pub(crate) fn of(error: &StoreError) -> &'static Self {
        match error {
            StoreError::Refused(refusal) => Self::of_refusal(refusal),
            StoreError::Busy(_) | StoreError::Unavailable(_) | StoreError::Unknown(_) => &Self::UNAVAILABLE,
            StoreError::Corrupt(_) => &Self::INTERNAL,
        }
    }

    /// The type of a refusal.
    pub(crate) fn of_refusal(refusal: &Refusal) -> &'static Self {
        match refusal {
            Refusal::Unauthorized => &Self::UNAUTHORIZED,
            Refusal::Forbidden(_) => &Self::FORBIDDEN,
            Refusal::RateLimited { .. } | Refusal::Token(TokenRefusal::TooManyAttempts { .. }) => {
                &Self::RATE_LIMITED
            }
            Refusal::UnknownHost | Refusal::NotFound(_) => &Self::NOT_FOUND,
            Refusal::Token(TokenRefusal::Unknown) => &Self::TOKEN_UNKNOWN,
            Refusal::Token(TokenRefusal::Expired) => &Self::TOKEN_EXPIRED,
            Refusal::Token(TokenRefusal::Used) => &Self::TOKEN_USED,
            Refusal::Token(TokenRefusal::Revoked) => &Self::TOKEN_REVOKED,
            Refusal::Username(UsernameRefusal::Reserved) => &Self::USERNAME_RESERVED,
            Refusal::Token(TokenRefusal::Busy { .. }) => &Self::TOKEN_BUSY,
            Refusal::Username(UsernameRefusal::NotAllowed | UsernameRefusal::Forbidden(_)) => {
                &Self::USERNAME_NOT_ALLOWED
            }
            Refusal::LimitReached { .. } | Refusal::InviterLimit(_) => &Self::LIMIT_REACHED,
            Refusal::InviterStopped(_) => &Self::INVITER_STOPPED,
            Refusal::ClaimCompleted => &Self::CLAIM_COMPLETED,
            Refusal::IdempotencyMismatch => &Self::IDEMPOTENCY_MISMATCH,
            Refusal::Invalid(_) => &Self::INVALID,
        }
    }

    /// The `type` member.
    pub(crate) fn uri(&self) -> String {
        format!("urn:vestibule:problem:{}", self.name)
    }
}
