//! The key in an `Authorization` header.

use http::{HeaderMap, HeaderValue, header};
use vestibule_core::PresentedKey;

/// The content of the `Authorization` header.
pub(crate) enum Bearer {
    /// The header is missing.
    Absent,
    /// The header contains no key.
    Unreadable,
    /// A key, not yet checked.
    Key(PresentedKey),
}

/// Reads the header of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Bearer {
    Bearer::read(headers.get(header::AUTHORIZATION))
}

impl Bearer {
    /// Reads the value of the header.
    pub(crate) fn read(value: Option<&HeaderValue>) -> Self {
        match value {
            None => Self::Absent,
            Some(value) => value.to_str().ok().and_then(read).map_or(Self::Unreadable, Self::Key),
        }
    }
}

/// Reads `Bearer KEY` (RFC 6750 section 2.1); the scheme's case does not matter (RFC 9110 section 11.1).
fn read(value: &str) -> Option<PresentedKey> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| PresentedKey::parse(key.trim()))?
}
