//! `GET /metrics`: numbers, for those who may see them.

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use super::pending;
use crate::{AppState, pages};

/// Shows the numbers; to anybody else there is nothing here.
pub(super) async fn handle(
    State(state): State<AppState>,
    visitor: pages::Visitor,
    request: Request,
) -> Response {
    let client = state.http_state.client(&request);
    if !client.address().is_some_and(|address| state.http_state.metrics_from.contain(address)) {
        return pages::not_found(State(state), visitor).await;
    }
    pending::refresh(&state).await;
    let headers = [
        (header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match state.http_state.metrics.to_text() {
        Ok(text) => (headers, text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
