//! What a request asks of the representation of its answer: compressed or not, or nothing if the client has it already.

use http::{HeaderMap, HeaderValue, header};

/// The preconditions and preferences of a request (RFC 9110, sections 12.5.3 and 13.1.2).
#[derive(Clone, Debug, Default)]
pub(crate) struct Negotiation {
    /// Whether the client decodes gzip.
    pub(crate) accepts_gzip: bool,
    if_none_match: Option<HeaderValue>,
}

impl Negotiation {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self {
            accepts_gzip: accepts_gzip(headers),
            if_none_match: headers.get(header::IF_NONE_MATCH).cloned(),
        }
    }

    /// Whether the client has the representation with this entity tag. The comparison is weak, because proxies that
    /// compress an answer make its tag weak.
    pub(crate) fn has(&self, etag: &str) -> bool {
        let tags = self.if_none_match.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
    }
}

/// Whether `Accept-Encoding` contains gzip with a weight above zero. Without the header, nothing is compressed.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    let mut any = false;
    for (coding, params) in
        lists.flat_map(|list| list.split(',')).map(|part| part.split_once(';').unwrap_or((part, "")))
    {
        let weight = params.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        let accepted = weight.is_ok_and(|weight| weight > 0.0);
        match coding.trim() {
            coding if coding.eq_ignore_ascii_case("gzip") => return accepted,
            "*" => any = accepted,
            _ => {}
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: header::HeaderName, value: &'static str) -> Negotiation {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        Negotiation::of(&headers)
    }

    #[test]
    fn gzip_is_used_only_if_the_client_accepts_it() {
        for (value, expected) in [
            ("gzip", true),
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.2", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000, *", false),
            ("*;q=0.5", true),
            ("*;q=0", false),
            ("br", false),
            ("gzip;q=much", false),
            ("", false),
        ] {
            assert_eq!(of(header::ACCEPT_ENCODING, value).accepts_gzip, expected, "{value}");
        }
        assert!(!Negotiation::of(&HeaderMap::new()).accepts_gzip);
    }

    #[test]
    fn entity_tags_are_compared_weakly() {
        for (value, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            assert_eq!(of(header::IF_NONE_MATCH, value).has("\"a\""), expected, "{value}");
        }
        assert!(!Negotiation::default().has("\"a\""));
    }
}
