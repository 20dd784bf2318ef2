//! The API key and the parameters of a request.

use http::HeaderMap;
use vestibule_core::PresentedKey;

use crate::http::{Bearer, bearer};

/// The parameters of a query.
#[derive(Debug, Default)]
pub(super) struct Query {
    key: Option<PresentedKey>,
    /// Whether the response is a redirect to the link.
    pub(super) redirect: bool,
}

impl Query {
    /// Reads a query. The last of several keys counts, as in the original. Every value of `redirect` means yes, except
    /// `0`, `false` and `no`.
    pub(super) fn read(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "key" => read.key = PresentedKey::parse(&value),
                "redirect" => read.redirect = !matches!(&*value, "0" | "false" | "no"),
                _ => {}
            }
        }
        read
    }
}

/// The key in the `Authorization` header, else the one in the query. An invalid header is not replaced by the query.
pub(super) fn presented_key(headers: &HeaderMap, query: &mut Query) -> Option<PresentedKey> {
    match bearer(headers) {
        Bearer::Absent => query.key.take(),
        Bearer::Unreadable => None,
        Bearer::Key(key) => Some(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header};

    fn key(header: Option<&str>, query: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        presented_key(&headers, &mut Query::read(query)).map(|key| key.id.to_string())
    }

    #[test]
    fn the_header_wins_over_the_query() {
        assert_eq!(key(None, "key=a/b").as_deref(), Some("a"));
        assert_eq!(key(None, "key=a%2Fb").as_deref(), Some("a"));
        assert_eq!(key(Some("Bearer c/d"), "key=a/b").as_deref(), Some("c"));
        assert_eq!(key(Some("bearer c/d"), "").as_deref(), Some("c"));
        assert_eq!(key(Some("Basic c/d"), "key=a/b"), None);
        assert_eq!(key(Some("Bearer"), "key=a/b"), None);
        assert_eq!(key(None, "key=a/b&key=c/d").as_deref(), Some("c"));
    }

    #[test]
    fn the_redirect_parameter_is_parsed() {
        for (query, expected) in [
            ("", false),
            ("redirect", true),
            ("redirect=", true),
            ("redirect=true", true),
            ("redirect=no", false),
        ] {
            assert_eq!(Query::read(query).redirect, expected, "{query}");
        }
    }
}
