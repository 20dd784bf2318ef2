//! Redirects within the service.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

/// First path segments of the endpoints that are not pages about an invite and have no trailing slash.
const WITHOUT_SLASH: [&str; 6] = ["docs", "openapi.json", "healthz", "readyz", "metrics", "v1"];

/// Redirects to the same path without trailing slashes; `None` if no endpoint has that path either.
pub(crate) fn without_trailing_slash(base_path: &str, uri: &Uri) -> Option<Response> {
    let path = uri.path().trim_end_matches('/');
    let first = path.split('/').nth(1)?;
    if path.len() == uri.path().len() || path == "/v1" || !WITHOUT_SLASH.contains(&first) {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(redirect(StatusCode::PERMANENT_REDIRECT, &format!("{base_path}{path}{query}")))
}

/// A redirect within this service. The target can contain a token, so it is neither cached nor sent as a referrer.
pub(crate) fn redirect(status: StatusCode, target: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(target) = HeaderValue::try_from(target) {
        headers.insert(header::LOCATION, target);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    allow_any_origin(headers);
    response
}

/// Allows scripts of any origin to read the response and its `Link` header: web clients open invites too, and must
/// distinguish an invalid invite from an outage.
pub(crate) fn allow_any_origin(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Link"));
}
