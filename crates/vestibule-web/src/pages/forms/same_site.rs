//! Whether a form comes from our own page.
//!
//! What a form does needs the token, which is in its address: a page of somebody else's that does not know the token
//! can send nothing that counts. One that does know a token (its own, perhaps) shall not make a visitor's browser
//! register with it. Browsers say where a request comes from (`Sec-Fetch-Site` of Fetch Metadata Request Headers, and
//! `Origin`); where one says nothing, the token has to do.

use http::{HeaderMap, header};

/// Whether a form comes from our own page, as far as the browser says.
pub(super) fn from_here(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN.as_str()) {
        // Browsers hide the origin of a page that must not be named (`no-referrer`, as ours).
        None | Some("null") => true,
        Some(origin) => {
            let host = |url: &str| {
                url.split_once("://")
                    .map(|(_, rest)| rest.split('/').next().unwrap_or(rest).to_ascii_lowercase())
            };
            let told = text(header::HOST.as_str()).map(str::to_ascii_lowercase);
            host(origin)
                .is_some_and(|from| Some(&from) == host(public_url).as_ref() || Some(&from) == told.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn forms_of_others_are_told_from_ours() {
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
            assert_eq!(from_here(&headers, "https://chat.example.com/join"), expected, "{pairs:?}");
        }
    }
}
