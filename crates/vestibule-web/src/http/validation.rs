//! Request validation: rejects requests that two servers in a chain may interpret differently (request smuggling).

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Request, StatusCode, Version, header};

/// Validates a request before any other code sees it. For an invalid one, returns the metric's label and the response.
pub(crate) fn validate_request<B>(
    request: &Request<B>,
    body_bytes: usize,
) -> Option<(&'static str, Response)> {
    let (reason, status, why) = if let Some(why) = invalid_reason(request.version(), request.headers()) {
        ("malformed", StatusCode::BAD_REQUEST, why)
    } else if declared_length(request.headers()) > Some(body_bytes)
        && !reports_size_itself(request.uri().path())
    {
        ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "This request is too large.\n")
    } else {
        return None;
    };
    // The following bytes on this connection can be part of a smuggled request.
    Some((reason, (status, [(header::CONNECTION, "close")], why).into_response()))
}

/// Whether handlers at this path report a too large body in their own format. The limit holds for all bodies.
fn reports_size_itself(path: &str) -> bool {
    path.contains("/v1/")
}

fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// `Transfer-Encoding` in HTTP/1.0 is rejected by hyper. Given both `Content-Length` and `Transfer-Encoding`, hyper
/// uses the latter and removes the former, as RFC 9112 section 6.3 allows; the connection is closed after the response.
fn invalid_reason(version: Version, headers: &HeaderMap) -> Option<&'static str> {
    let count = |name| headers.get_all(name).iter().count();
    // RFC 9112 section 3.2.
    let hosts = count(header::HOST);
    if hosts > 1 || (hosts == 0 && version >= Version::HTTP_11) {
        return Some("A request needs exactly one Host header.\n");
    }
    if count(header::AUTHORIZATION) > 1 {
        return Some("A request cannot have two Authorization headers.\n");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn only_valid_requests_pass() {
        type Case<'a> = (&'a [(HeaderName, &'static str)], Version, bool);
        let table: [Case<'_>; 6] = [
            (&[(header::HOST, "a")], Version::HTTP_11, true),
            (&[], Version::HTTP_10, true),
            (&[], Version::HTTP_11, false),
            (&[(header::HOST, "a"), (header::HOST, "b")], Version::HTTP_11, false),
            (&[(header::HOST, "a"), (header::TRANSFER_ENCODING, "chunked")], Version::HTTP_11, true),
            (
                &[(header::HOST, "a"), (header::AUTHORIZATION, "x"), (header::AUTHORIZATION, "y")],
                Version::HTTP_11,
                false,
            ),
        ];
        for (pairs, version, is_valid) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(name, HeaderValue::from_static(value));
            }
            assert_eq!(invalid_reason(version, &headers).is_none(), is_valid, "{headers:?}");
        }
    }
}
