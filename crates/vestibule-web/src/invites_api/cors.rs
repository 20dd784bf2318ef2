//! CORS: web pages of all origins may use the API, as with the original.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Headers that are the same on every response.
///
/// The original lacks `Authorization`, so that browsers cannot send a key in it, and `Location`, so that they cannot
/// read the link. `POST` is not listed because the Fetch standard always allows it.
const FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, OPTIONS")),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Content-Type, Authorization")),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Location")),
    (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// The headers of every response to a request with these headers.
pub(super) fn headers(request: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(12);
    let origin = request.get(header::ORIGIN).cloned();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.unwrap_or(HeaderValue::from_static("*")));
    headers.extend(FIXED);
    headers
}
