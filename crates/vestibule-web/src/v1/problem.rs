//! Error responses: `application/problem+json` (RFC 9457) with a stable `type`.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::{FieldError, Refusal, StoreError, TokenRefusal};

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
    retry_after: Option<Duration>,
    /// Written to the log only.
    cause: Option<String>,
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
        Self::with(Inner { kind, detail: detail.into(), errors: Vec::new(), retry_after: None, cause: None })
    }

    /// The client has sent too many unknown keys.
    pub(crate) fn too_many_failures(wait: Duration) -> Self {
        let detail = format!("Too many wrong API keys from your address; try again in {} s.", wait.as_secs());
        Self::with(Inner {
            kind: &ProblemType::RATE_LIMITED,
            detail,
            errors: Vec::new(),
            retry_after: Some(wait),
            cause: None,
        })
    }

    /// Invalid fields.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = Refusal::Invalid(errors.clone()).to_string();
        Self::with(Inner { kind: &ProblemType::INVALID, detail, errors, retry_after: None, cause: None })
    }

    /// One invalid field.
    pub(crate) fn field(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, message)])
    }

    /// An internal error. The cause goes to the log only.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Self::with(Inner {
            kind: &ProblemType::INTERNAL,
            detail: "The error is on our side. If it persists, send the request_id to the operator."
                .to_owned(),
            errors: Vec::new(),
            retry_after: None,
            cause: Some(cause.into()),
        })
    }

    fn with(inner: Inner) -> Self {
        let reason = RefusalReason(inner.kind.name);
        Self(Arc::new(inner), reason)
    }

    /// Writes the body with the request id, and logs the cause.
    pub(super) fn render(&self, request_id: &str) -> Body {
        let Inner { kind, detail, errors, cause, .. } = &*self.0;
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
            // No Retry-After: a client that follows it blindly would repeat a change that may have been saved.
            StoreError::Unknown(cause) => Self::with(Inner {
                kind: &ProblemType::UNAVAILABLE,
                detail: "The change may or may not have been saved. Repeat the request with the same \
                         Idempotency-Key; without one, check the result before you repeat it."
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
