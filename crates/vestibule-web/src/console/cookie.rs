//! The cookie with the secret of a session (RFC 6265bis).

use http::{HeaderMap, header};
use vestibule_core::SessionSecret;

/// A browser accepts this prefix only from a secure origin, for the whole host, and without a `Domain`, so no other host
/// can set the cookie.
const SECURE_NAME: &str = "__Host-vestibule-session";

/// The name without TLS, which only an installation on this machine has.
const PLAIN_NAME: &str = "vestibule-session";

/// Number of cookies that are tried.
const MAX_TRIED: usize = 3;

/// The value of `Set-Cookie`: for this browser session, out of reach of scripts and other sites.
pub(super) fn set(secret: &SessionSecret, is_https: bool) -> String {
    let (name, secure) = if is_https { (SECURE_NAME, "; Secure") } else { (PLAIN_NAME, "") };
    format!("{name}={}; Path=/; HttpOnly; SameSite=Strict{secure}", secret.expose())
}

/// The value of `Set-Cookie` that removes the cookie.
pub(super) fn remove(is_https: bool) -> String {
    let (name, secure) = if is_https { (SECURE_NAME, "; Secure") } else { (PLAIN_NAME, "") };
    format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict{secure}")
}

/// The secrets that a request contains.
pub(super) fn secrets(headers: &HeaderMap, is_https: bool) -> impl Iterator<Item = SessionSecret> {
    let name = if is_https { SECURE_NAME } else { PLAIN_NAME };
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .filter(move |(found, _)| *found == name)
        .filter_map(|(_, value)| SessionSecret::parse(value))
        .take(MAX_TRIED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_cookie_is_for_this_host_alone() {
        let text = "x".repeat(43);
        let secret = SessionSecret::parse(&text).unwrap();
        let attributes = "Path=/; HttpOnly; SameSite=Strict";
        assert_eq!(set(&secret, true), format!("__Host-vestibule-session={text}; {attributes}; Secure"));
        assert_eq!(set(&secret, false), format!("vestibule-session={text}; {attributes}"));
        let mut headers = HeaderMap::new();
        let cookies = format!(
            "a=b; __Host-vestibule-session={text}; vestibule-session=short; __Host-vestibule-session="
        );
        headers.insert(header::COOKIE, HeaderValue::try_from(cookies).unwrap());
        assert_eq!(secrets(&headers, true).count(), 1);
        assert_eq!(secrets(&headers, false).count(), 0);
    }
}
