//! Errors as RFC 9457 has them: `application/problem+json` with a stable `type`.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::{FieldError, Refusal, StoreError, TokenRefusal, UsernameRefusal};

use crate::extensions::{AuthFailed, RefusalReason};

/// One type of problem. Programs go by its name, people by its title.
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

            /// Every type that an answer may have.
            pub(crate) const ALL: &[Self] = &[$(Self::$constant),+];
        }
    };
}

problem_types! {
    UNAUTHORIZED = "unauthorized" UNAUTHORIZED "This needs a good API key";
    FORBIDDEN = "forbidden" FORBIDDEN "This API key may not do that";
    NOT_FOUND = "not-found" NOT_FOUND "There is no such thing here";
    METHOD_NOT_ALLOWED = "method-not-allowed" METHOD_NOT_ALLOWED "This address does not know that method";
    INVALID = "invalid" UNPROCESSABLE_ENTITY "The request breaks a rule";
    TOO_LARGE = "too-large" PAYLOAD_TOO_LARGE "The request is too large";
    REQUEST_TIMEOUT = "request-timeout" REQUEST_TIMEOUT "The request took too long to arrive";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "The body must be JSON";
    USERNAME_RESERVED = "username-reserved" CONFLICT "The username is held for another invite";
    USERNAME_NOT_ALLOWED = "username-not-allowed" CONFLICT "The invite is not for this username";
    TOKEN_BUSY = "token-busy" CONFLICT "Every use of the invite is held by registrations under way";
    LIMIT_REACHED = "limit-reached" CONFLICT "There are too many of these already";
    CLAIM_COMPLETED = "claim-completed" CONFLICT "The claim was completed";
    TOKEN_UNKNOWN = "token-unknown" NOT_FOUND "No invite has this token";
    TOKEN_EXPIRED = "token-expired" GONE "The invite has expired";
    TOKEN_USED = "token-used" GONE "The invite has been used";
    TOKEN_REVOKED = "token-revoked" GONE "The invite has been revoked";
    RATE_LIMITED = "rate-limited" TOO_MANY_REQUESTS "Too many requests";
    IDEMPOTENCY_MISMATCH = "idempotency-mismatch" UNPROCESSABLE_ENTITY "The Idempotency-Key was used for something else";
    UNAVAILABLE = "unavailable" SERVICE_UNAVAILABLE "Nothing can be saved now";
    INTERNAL = "internal" INTERNAL_SERVER_ERROR "Something is wrong on this side";
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
            Refusal::LimitReached { .. } => &Self::LIMIT_REACHED,
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

/// An error on its way out, and how it is counted.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Arc<Inner>, RefusalReason);

#[derive(Debug)]
struct Inner {
    kind: &'static ProblemType,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    /// For the log alone.
    cause: Option<String>,
}

/// A problem as it is sent (RFC 9457 section 3.1).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    /// What kind of problem: `urn:vestibule:problem:` and a stable name.
    #[serde(rename = "type")]
    uri: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status again.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong this time, and what would be right.
    detail: String,
    /// The name of this request in the log, also in `X-Request-Id`.
    request_id: String,
    /// Each field that breaks a rule; in `invalid` alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldView>,
}

/// A field that breaks a rule.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldError)]
pub(crate) struct FieldView {
    /// The field's name; `body` for the whole.
    field: String,
    /// What is wrong with it, and what would be right.
    message: String,
}

impl Problem {
    pub(crate) fn new(kind: &'static ProblemType, detail: impl Into<String>) -> Self {
        Self::with(Inner { kind, detail: detail.into(), errors: Vec::new(), retry_after: None, cause: None })
    }

    /// Too many wrong keys came from this address.
    pub(crate) fn guessing(wait: Duration) -> Self {
        let detail =
            format!("Too many wrong API keys came from your address; try again in {} s.", wait.as_secs());
        Self::with(Inner {
            kind: &ProblemType::RATE_LIMITED,
            detail,
            errors: Vec::new(),
            retry_after: Some(wait),
            cause: None,
        })
    }

    /// Something about the request breaks rules.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = Refusal::Invalid(errors.clone()).to_string();
        Self::with(Inner { kind: &ProblemType::INVALID, detail, errors, retry_after: None, cause: None })
    }

    /// One field breaks a rule.
    pub(crate) fn field(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, message)])
    }

    /// The service is to blame. The reason is for the log alone.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Self::with(Inner {
            kind: &ProblemType::INTERNAL,
            detail: "It is not your fault. If it stays, tell the operator the request_id.".to_owned(),
            errors: Vec::new(),
            retry_after: None,
            cause: Some(cause.into()),
        })
    }

    fn with(parts: Inner) -> Self {
        let reason = RefusalReason(parts.kind.name);
        Self(Arc::new(parts), reason)
    }

    /// Writes the body, and the reason into the log, now that the request's name is known.
    pub(super) fn render(&self, request_id: &str) -> Body {
        let Inner { kind, detail, errors, cause, .. } = &*self.0;
        if **kind == ProblemType::UNAVAILABLE {
            // The store logs an outage once when it begins and once when it ends.
            tracing::debug!(request_id, problem = kind.name, cause, "a request failed");
        } else if let Some(cause) = cause {
            tracing::error!(request_id, problem = kind.name, cause, "a request failed");
        } else if !errors.is_empty() {
            // What the request said in the wrong place may be a secret.
            tracing::debug!(request_id, problem = kind.name, fields = errors.len(), "a request was refused");
        } else {
            tracing::debug!(request_id, problem = kind.name, detail, "a request was refused");
        }
        let view = ProblemView {
            uri: kind.uri(),
            title: kind.title,
            status: kind.status.as_u16(),
            detail: detail.clone(),
            request_id: request_id.to_owned(),
            errors: errors
                .iter()
                .map(|error| FieldView { field: error.field.to_string(), message: error.message.clone() })
                .collect(),
        };
        serde_json::to_vec(&view).map_or_else(|_| Body::empty(), Body::from)
    }
}

/// The answer without its body, which is written where the request's name is known.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.0.kind.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        if *self.0.kind == ProblemType::UNAUTHORIZED {
            // RFC 9110 section 11.6.1 wants it on each 401.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"vestibule\""));
            response.extensions_mut().insert(AuthFailed);
        }
        response.extensions_mut().insert(self.1);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let retry_after = match &refusal {
            Refusal::RateLimited { retry_after }
            | Refusal::Token(
                TokenRefusal::Busy { retry_after } | TokenRefusal::TooManyAttempts { retry_after },
            ) => Some(*retry_after),
            _ => None,
        };
        let kind = ProblemType::of_refusal(&refusal);
        let detail = refusal.to_string();
        let errors = if let Refusal::Invalid(errors) = refusal { errors } else { Vec::new() };
        Self::with(Inner { kind, detail, errors, retry_after, cause: None })
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let reason = RefusalReason::from(&error);
        let problem = match error {
            StoreError::Refused(refusal) => refusal.into(),
            StoreError::Busy(cause) | StoreError::Unavailable(cause) => Self::with(Inner {
                kind: &ProblemType::UNAVAILABLE,
                detail: "Nothing was changed. Try again in a few seconds.".to_owned(),
                errors: Vec::new(),
                retry_after: Some(Duration::from_secs(5)),
                cause: Some(cause),
            }),
            // No Retry-After: a client that obeys it blindly would do the thing twice.
            StoreError::Unknown(cause) => Self::with(Inner {
                kind: &ProblemType::UNAVAILABLE,
                detail: "It is not known whether this was saved. Repeat the request with the same \
                         Idempotency-Key; without one, look before you repeat it."
                    .to_owned(),
                errors: Vec::new(),
                retry_after: None,
                cause: Some(cause),
            }),
            StoreError::Corrupt(cause) => Self::internal(cause),
        };
        Self(problem.0, reason)
    }
}
