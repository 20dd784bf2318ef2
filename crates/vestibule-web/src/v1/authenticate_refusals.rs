//! Authentication of requests that are refused before the store checks their key.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use vestibule_core::{Principal, Refusal, Scopes, StoreError};

use super::problem::Problem;
use crate::{AppState, http::Bearer};

/// Checks the key of a request that was refused before the store could check it, because of its address, its body, its
/// query or its token. With a wrong key the response becomes `401`, which also counts for the brute-force limiter.
///
/// `authorization` is the header of the request. The key in it is parsed, and so hashed, only for such a response.
pub(super) async fn authenticate_refusal(
    state: &AppState,
    authorization: Option<HeaderValue>,
    response: Response,
) -> Response {
    if !may_precede_authorization(response.status()) {
        return response;
    }
    let Bearer::Key(key) = Bearer::read(authorization.as_ref()) else { return response };
    let no_scope = Scopes::from_iter([]);
    match state.invite_service.store().authorize(&Principal::Key(key), no_scope).await {
        Err(error @ StoreError::Refused(Refusal::Unauthorized)) => Problem::from(error).into_response(),
        _ => response,
    }
}

fn may_precede_authorization(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::NOT_FOUND
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}
