//! `GET /metrics`: OpenMetrics, for allowed networks.

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use super::{pending, state::OpsState};
use crate::html::{ErrorPage, Visitor};

/// Answers clients of other networks as if the address did not exist.
pub(super) async fn handle(State(state): State<OpsState>, visitor: Visitor, request: Request) -> Response {
    let client = state.http.client(&request);
    if !client.address().is_some_and(|address| state.http.metrics_from.contain(address)) {
        return state.error_page(&visitor, &ErrorPage::NOT_FOUND);
    }
    pending::refresh(&state).await;
    let headers = [
        (header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match state.http.metrics.to_text() {
        Ok(text) => (headers, text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
