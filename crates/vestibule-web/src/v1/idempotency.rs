//! The header `Idempotency-Key`.

use http::HeaderMap;
use vestibule_core::{IdempotencyKey, IdempotencyKeyError};

use super::problem::Problem;

const NAME: &str = "idempotency-key";

/// The idempotency key of a request, if any.
pub(super) fn idempotency_key(
    headers: &HeaderMap,
    asked: impl FnOnce() -> Vec<u8>,
) -> Result<Option<IdempotencyKey>, Problem> {
    let mut values = headers.get_all(NAME).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let refuse = |message: String| Problem::field("Idempotency-Key", message);
    if values.next().is_some() {
        return Err(refuse("given more than once".to_owned()));
    }
    let key = value.to_str().map_err(|_| refuse(IdempotencyKeyError.to_string()))?;
    IdempotencyKey::new(key, &asked()).map(Some).map_err(|error| refuse(error.to_string()))
}
