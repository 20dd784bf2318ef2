//! Letting web pages of other origins use the API, as the original does.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Names and values that are the same on every answer.
///
/// The original forgets `Authorization`, so that no browser could send a key in it, and `Location`, so
/// that none could read the answer. `POST` need not be listed: the Fetch standard always lets it pass.
const FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, OPTIONS")),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Content-Type, Authorization")),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Location")),
    (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// The headers of every answer to a request with these headers.
pub(super) fn headers(request: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(12);
    let origin = request.get(header::ORIGIN).cloned();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.unwrap_or(HeaderValue::from_static("*")));
    headers.extend(FIXED);
    headers
}
