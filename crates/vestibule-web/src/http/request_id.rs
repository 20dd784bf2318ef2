//! Ids of requests, sent in `X-Request-Id` and written to the log.

use std::sync::atomic::{AtomicU64, Ordering};

use vestibule_core::{ClaimId, InviteService, Timestamp};

/// A new request id. Without randomness it is made from the time and a counter.
pub(crate) fn new_request_id(invite_service: &InviteService) -> String {
    invite_service.name_request().unwrap_or_else(|_| counted(invite_service.now()))
}

fn counted(now: Timestamp) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let millis = u128::try_from(now.as_millis()).unwrap_or(0);
    let count = u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
    ClaimId::from_bytes(((millis << 80) | count).to_be_bytes()).to_string()
}
