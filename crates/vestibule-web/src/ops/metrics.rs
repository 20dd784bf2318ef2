//! `GET /metrics`: numbers, for those who may see them.

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use super::pending;
use crate::{App, pages};

/// Shows the numbers; to anybody else there is nothing here.
pub(super) async fn handle(State(app): State<App>, reader: pages::Reader, request: Request) -> Response {
    let client = app.gate.client(&request);
    if !client.address().is_some_and(|address| app.gate.metrics_from.contain(address)) {
        return pages::not_found(State(app), reader).await;
    }
    pending::refresh(&app).await;
    let headers = [
        (header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match app.gate.metrics.to_text() {
        Ok(text) => (headers, text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
