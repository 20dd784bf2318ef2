//! URLs of services over plain HTTP.

use ureq::http::Uri;

/// Whether the text is `http://`, an address and an optional path. Credentials are rejected, since they would appear
/// in process lists, logs and output.
pub(crate) fn is_plain_http(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("http")
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.query().is_none()
    })
}
