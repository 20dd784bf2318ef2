//! Challenges: a proof that this service has a certain seal key.
//!
//! Only a holder of the seal key can verify the proof. `doctor` does so before it trusts the service at an address, and
//! to find out whether the public URL leads to it. The proof is public and has no other use.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use vestibule_core::{CHALLENGE_LEN, InviteService, hex};

/// The challenge of a request for a page, in hexadecimal digits.
const CHALLENGE: HeaderName = HeaderName::from_static("vestibule-challenge");

/// The proof in the response.
const PROOF: HeaderName = HeaderName::from_static("vestibule-proof");

/// The proof for a challenge in hexadecimal digits; `None` if it is malformed.
pub(crate) fn proof(invite_service: &InviteService, challenge: &str) -> Option<String> {
    let challenge: [u8; CHALLENGE_LEN] = hex::decode(challenge)?;
    Some(hex::encode(&invite_service.prove(challenge)))
}

/// Adds the proof to the response if the request contains a challenge.
pub(crate) fn answer(invite_service: &InviteService, request: &HeaderMap, response: &mut Response) {
    let challenge = request.get(CHALLENGE).and_then(|value| value.to_str().ok());
    let proof = challenge.and_then(|challenge| proof(invite_service, challenge));
    if let Some(proof) = proof.and_then(|proof| HeaderValue::try_from(proof).ok()) {
        response.headers_mut().insert(PROOF, proof);
    }
}
