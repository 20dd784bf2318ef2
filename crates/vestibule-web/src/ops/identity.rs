//! `GET /.well-known/vestibule?challenge=HEX`: answers a [`challenge`].

use axum::{
    Json,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::json;

use crate::{AppState, challenge};

pub(super) async fn handle(State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    let challenge = query.as_deref().and_then(|query| query.strip_prefix("challenge="));
    let Some(proof) = challenge.and_then(|text| challenge::proof(&state.invite_service, text)) else {
        let text = "expected challenge=HEX, 32 hexadecimal digits\n";
        return (StatusCode::BAD_REQUEST, fresh, text).into_response();
    };
    (fresh, Json(json!({ "proof": proof }))).into_response()
}
