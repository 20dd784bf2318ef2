//! Requests that no honest client sends, and that two servers in a row may understand differently.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Request, StatusCode, Version, header};

/// Why an unsound request is refused, as the label of a metric, and the answer to it, before anything else
/// looks at it; `None` for a sound one.
pub(crate) fn validate_request<B>(
    request: &Request<B>,
    body_bytes: usize,
) -> Option<(&'static str, Response)> {
    let (reason, status, why) = if let Some(why) = invalid_reason(request.version(), request.headers()) {
        ("malformed", StatusCode::BAD_REQUEST, why)
    } else if declared_length(request.headers()) > Some(body_bytes) && !explains(request.uri().path()) {
        ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "This request is too large.\n")
    } else {
        return None;
    };
    // Whatever follows on this connection may be part of a smuggled request.
    Some((reason, (status, [(header::CONNECTION, "close")], why).into_response()))
}

/// Whether what answers at this address says itself that a body is too large, in its own format. Bodies are
/// bounded in any case.
fn explains(path: &str) -> bool {
    path.contains("/v1/")
}

fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Not looked at: `Content-Length` beside `Transfer-Encoding`, and `Transfer-Encoding` in HTTP/1.0. hyper refuses
/// the latter itself. Of the former it goes by `Transfer-Encoding` alone and takes `Content-Length` away before
/// anybody sees it, as RFC 9112 section 6.3 allows; the connection is closed after the answer.
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
    fn only_sound_requests_pass() {
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
        for (pairs, version, validation) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(name, HeaderValue::from_static(value));
            }
            assert_eq!(invalid_reason(version, &headers).is_none(), validation, "{headers:?}");
        }
    }
}
