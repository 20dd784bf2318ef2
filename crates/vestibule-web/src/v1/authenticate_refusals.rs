//! Authentication of requests that are refused before the store checks their key.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::AUTHORIZATION};
use vestibule_core::{Principal, Refusal, Scopes, StoreError};

use super::problem::Problem;
use crate::{AppState, http::Bearer};

/// Middleware that checks the key of a request that was refused before the store could check it, because of its body,
/// its query or its token. With a wrong key the response is 401, which counts as a guess and reveals nothing else.
pub(super) async fn authenticate_refusals(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let authorization = request.headers().get(AUTHORIZATION).cloned();
    let response = next.run(request).await;
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
