//! `GET /.well-known/vestibule?challenge=HEX`: a proof that this service works on certain data.
//!
//! The proof needs the seal key, so only whoever has that can tell whether it is right: `doctor` does, before it
//! believes what answers at an address. Anybody may ask; a proof is of no use for anything else.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::json;
use vestibule_core::CHALLENGE_LEN;

use crate::AppState;

pub(super) async fn handle(State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    let Some(challenge) = query.as_deref().and_then(challenge) else {
        let text = "expected challenge=HEX, 32 hexadecimal digits\n";
        return (StatusCode::BAD_REQUEST, fresh, text).into_response();
    };
    let prior_outcome = state.invite_service.prove(challenge).map(|byte| format!("{byte:02x}")).concat();
    (fresh, Json(json!({ "proof": prior_outcome }))).into_response()
}

/// Reads a query that is a challenge and nothing else.
fn challenge(query: &str) -> Option<[u8; CHALLENGE_LEN]> {
    let digits = query.strip_prefix("challenge=")?.as_bytes();
    if digits.len() != 2 * CHALLENGE_LEN {
        return None;
    }
    let mut bytes = [0; CHALLENGE_LEN];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |letter: u8| char::from(letter).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_exactly_that() {
        assert_eq!(challenge(&format!("challenge={}", "0f".repeat(16))), Some([15; 16]));
        let long = format!("challenge={}", "0f".repeat(17));
        for query in
            ["", "challenge=", "challenge=0f", &long, "a=1", &format!("challenge={}", "xy".repeat(16))]
        {
            assert_eq!(challenge(query), None, "{query}");
        }
    }
}
