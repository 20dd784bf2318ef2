//! The key in an `Authorization` header.

use http::{HeaderMap, header};
use vestibule_core::PresentedKey;

/// What the `Authorization` header holds: `None` without one, `Some(None)` where it holds no key.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Option<PresentedKey>> {
    let value = headers.get(header::AUTHORIZATION)?;
    Some(value.to_str().ok().and_then(read))
}

/// Reads `Bearer KEY` (RFC 6750 section 2.1); the scheme's case does not matter (RFC 9110 section 11.1).
fn read(value: &str) -> Option<PresentedKey> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| PresentedKey::parse(key.trim()))?
}
