//! URLs of services that are asked over plain HTTP.

use ureq::http::Uri;

/// Whether a text is `http://` and an address, perhaps with a path. A password in it would end up in process lists,
/// logs and output, so it may have none.
pub(crate) fn is_plain_http(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("http")
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.query().is_none()
    })
}
