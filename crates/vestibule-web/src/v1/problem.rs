//! Error responses: `application/problem+json` (RFC 9457) with a stable `type`.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::{FieldError, InviterLimitReached, Refusal, StoreError, Timestamp, TokenRefusal};

use crate::{
    http::{AuthFailed, RefusalReason},
    problem_type::ProblemType,
};

/// An error response without its request id, and the reason under which it is counted.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Arc<Inner>, RefusalReason);

#[derive(Debug)]
struct Inner {
    kind: &'static ProblemType,
    detail: String,
    errors: Vec<FieldError>,
    limit: Option<InviterLimitReached>,
    retry_after: Option<Duration>,
    /// Written to the log only.
    cause: Option<String>,
}

impl Inner {
    fn new(kind: &'static ProblemType, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { kind, detail, errors: Vec::new(), limit: None, retry_after: None, cause: None }
    }
}

/// The body of an error response (RFC 9457 section 3.1).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    /// The type of the problem: `urn:vestibule:problem:` and a stable name.
    #[serde(rename = "type")]
    uri: String,
    /// The type as text for people.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Description of the error and of the expected input.
    detail: String,
    /// The id of this request in the log, also in `X-Request-Id`.
    request_id: String,
    /// The invalid fields; only in problems of the type `invalid`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldView>,
    /// The limit of a member; only in problems of the type `limit-reached` about invites.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    limit: Option<LimitView>,
}

/// A limit for the invites that a member makes.
#[derive(Serialize, ToSchema)]
#[schema(as = Limit)]
pub(crate) struct LimitView {
    /// The setting: `live`, `per_month` or `max_uses`.
    name: &'static str,
    /// Its value.
    maximum: u32,
    /// The number of invites that count against it; 0 for `max_uses`.
    used: u32,
    /// Time from which the request is possible if nothing else happens; `null` if it never is.
    #[schema(required, format = DateTime)]
    available_at: Option<String>,
}

impl From<&InviterLimitReached> for LimitView {
    fn from(reached: &InviterLimitReached) -> Self {
        Self {
            name: reached.limit.as_str(),
            maximum: reached.maximum,
            used: reached.used,
            available_at: reached.available_at.as_ref().map(Timestamp::to_string),
        }
    }
}

/// An invalid field.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldError)]
pub(crate) struct FieldView {
    /// Name of the field; `body` for the whole body.
    field: String,
    /// Description of the error and of the expected value.
    message: String,
}

impl Problem {
    pub(crate) fn new(kind: &'static ProblemType, detail: impl Into<String>) -> Self {
        Self::with(Inner::new(kind, detail))
    }

    /// The client has sent too many unknown keys.
    pub(crate) fn too_many_failures(wait: Duration) -> Self {
        let detail = format!("Too many wrong API keys from your address; try again in {} s.", wait.as_secs());
        Self::with(Inner { retry_after: Some(wait), ..Inner::new(&ProblemType::RATE_LIMITED, detail) })
    }

    /// Invalid fields.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = Refusal::Invalid(errors.clone()).to_string();
        Self::with(Inner { errors, ..Inner::new(&ProblemType::INVALID, detail) })
    }

    /// One invalid field.
    pub(crate) fn field(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, message)])
    }

    /// An internal error. The cause goes to the log only.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        let detail = "The error is on our side. If it persists, send the request_id to the operator.";
        Self::with(Inner { cause: Some(cause.into()), ..Inner::new(&ProblemType::INTERNAL, detail) })
    }

    fn with(inner: Inner) -> Self {
        let reason = RefusalReason(inner.kind.name);
        Self(Arc::new(inner), reason)
    }

    /// Writes the body with the request id, and logs the cause.
    pub(super) fn render(&self, request_id: &str) -> Body {
        let Inner { kind, detail, errors, limit, cause, .. } = &*self.0;
        if **kind == ProblemType::UNAVAILABLE {
            // The store logs an outage once when it begins and once when it ends.
            tracing::debug!(request_id, problem = kind.name, cause, "a request failed");
        } else if let Some(cause) = cause {
            tracing::error!(request_id, problem = kind.name, cause, "a request failed");
        } else if !errors.is_empty() {
            // The detail repeats parts of the request, which can be a misplaced secret.
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
            limit: limit.as_ref().map(LimitView::from),
        };
        serde_json::to_vec(&view).map_or_else(|_| Body::empty(), Body::from)
    }
}

/// The response without its body, which [`Problem::render`] writes once the request id is known.
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
            // Required on each 401 (RFC 9110 section 11.6.1).
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
        let inner = Inner { retry_after, ..Inner::new(kind, detail) };
        Self::with(match refusal {
            Refusal::Invalid(errors) => Inner { errors, ..inner },
            Refusal::InviterLimit(limit) => Inner { limit: Some(*limit), ..inner },
            _ => inner,
        })
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let reason = RefusalReason::from(&error);
        let problem = match error {
            StoreError::Refused(refusal) => refusal.into(),
            StoreError::Busy(cause) | StoreError::Unavailable(cause) => Self::with(Inner {
                retry_after: Some(Duration::from_secs(5)),
                cause: Some(cause),
                ..Inner::new(&ProblemType::UNAVAILABLE, "Nothing was changed. Try again in a few seconds.")
            }),
            // No Retry-After: a client that follows it blindly would repeat a change that may have been saved.
            StoreError::Unknown(cause) => Self::with(Inner {
                cause: Some(cause),
                ..Inner::new(
                    &ProblemType::UNAVAILABLE,
                    "The change may or may not have been saved. Repeat the request with the same \
                     Idempotency-Key; without one, check the result before you repeat it.",
                )
            }),
            StoreError::Corrupt(cause) => Self::internal(cause),
        };
        Self(problem.0, reason)
    }
}
