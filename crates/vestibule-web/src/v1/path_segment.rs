//! Path parameters.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use super::problem::Problem;
use crate::problem_type::ProblemType;

/// A decoded path parameter.
pub(super) struct PathSegment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for PathSegment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => Ok(Self(text)),
            // No resource has a name that is not UTF-8.
            Err(_) => Err(Problem::new(&ProblemType::NOT_FOUND, "This address is not UTF-8.")),
        }
    }
}
