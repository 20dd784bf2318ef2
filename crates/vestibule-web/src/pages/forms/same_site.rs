//! Cross-site request forgery: whether a form comes from a page of this service.
//!
//! A form needs the token in its address, so a foreign page can send one only if it knows a token. Such a page must not
//! make a visitor's browser register with that token. Browsers name the source of a request in `Sec-Fetch-Site` (Fetch
//! Metadata Request Headers) and `Origin`; without either, the token alone is enough.

use http::{HeaderMap, header};

/// Whether a form comes from a page of this service, according to the headers of the browser.
pub(crate) fn is_same_site(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN.as_str()) {
        // Pages with `Referrer-Policy: no-referrer`, as those of this service, have the origin `null`.
        None | Some("null") => true,
        Some(origin) => {
            let host = |url: &str| {
                url.split_once("://")
                    .map(|(_, rest)| rest.split('/').next().unwrap_or(rest).to_ascii_lowercase())
            };
            let own_host = text(header::HOST.as_str()).map(str::to_ascii_lowercase);
            host(origin).is_some_and(|from| {
                Some(&from) == host(public_url).as_ref() || Some(&from) == own_host.as_ref()
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn forms_of_other_sites_are_recognized() {
        let table: [(&[(&'static str, &'static str)], bool); 10] = [
            (&[], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://chat.example.com")], false),
            (&[("origin", "null")], true),
            (&[("origin", "https://chat.example.com")], true),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "http://127.0.0.1:8280"), ("host", "127.0.0.1:8280")], true),
            (&[("origin", "nonsense")], false),
        ];
        for (pairs, expected) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(is_same_site(&headers, "https://chat.example.com/join"), expected, "{pairs:?}");
        }
    }
}
