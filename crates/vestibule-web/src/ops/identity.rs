//! `GET /.well-known/vestibule?challenge=HEX`: a proof that this service has a certain seal key.
//!
//! Only a holder of the seal key can verify the proof. `doctor` does so before it trusts the service at an address. The
//! proof is public and has no other use.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::json;
use vestibule_core::{CHALLENGE_LEN, hex};

use crate::AppState;

pub(super) async fn handle(State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    let Some(challenge) = query.as_deref().and_then(challenge) else {
        let text = "expected challenge=HEX, 32 hexadecimal digits\n";
        return (StatusCode::BAD_REQUEST, fresh, text).into_response();
    };
    let proof = hex::encode(&state.invite_service.prove(challenge));
    (fresh, Json(json!({ "proof": proof }))).into_response()
}

/// Parses a query that consists of a challenge.
fn challenge(query: &str) -> Option<[u8; CHALLENGE_LEN]> {
    hex::decode(query.strip_prefix("challenge=")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_the_whole_query() {
        assert_eq!(challenge(&format!("challenge={}", "0f".repeat(16))), Some([15; 16]));
        let long = format!("challenge={}", "0f".repeat(17));
        for query in
            ["", "challenge=", "challenge=0f", &long, "a=1", &format!("challenge={}", "xy".repeat(16))]
        {
            assert_eq!(challenge(query), None, "{query}");
        }
    }
}
