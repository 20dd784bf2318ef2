//! The cookie that holds the receipt of a form (RFC 6265).

use http::{HeaderMap, header};
use vestibule_core::RECEIPT_LIFETIME;

const NAME: &str = "vestibule-receipt";

/// The value of `Set-Cookie`: for the page with this path alone, out of reach of scripts and other sites.
pub(super) fn set(receipt: &str, path: &str, is_https: bool) -> String {
    let lifetime = RECEIPT_LIFETIME.as_secs();
    let secure = if is_https { "; Secure" } else { "" };
    format!("{NAME}={receipt}; Path={path}; Max-Age={lifetime}; HttpOnly; SameSite=Strict{secure}")
}

/// The receipts that a request contains. A browser sends only those of this page.
pub(super) fn values(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == NAME).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_cookie_is_for_one_page() {
        let plain =
            "vestibule-receipt=R; Path=/join/invite/T/welcome; Max-Age=3600; HttpOnly; SameSite=Strict";
        assert_eq!(set("R", "/join/invite/T/welcome", false), plain);
        assert_eq!(set("R", "/join/invite/T/welcome", true), format!("{plain}; Secure"));
    }

    #[test]
    fn receipts_are_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        for text in ["a=b; vestibule-receipt=one;c", "vestibule-receipt=two", "xvestibule-receipt=three", ""]
        {
            headers.append(header::COOKIE, HeaderValue::from_static(text));
        }
        assert_eq!(values(&headers).collect::<Vec<_>>(), ["one", "two"]);
    }
}
