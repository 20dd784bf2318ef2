//! The URL of an API.

use std::{fmt, net::IpAddr};

use ureq::http::Uri;

/// A valid URL, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl(String);

/// The URL is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiUrlError {
    /// Not a URL of an API.
    #[error("expected the URL of mod_http_api, for example http://127.0.0.1:5280/api")]
    Malformed,
    /// Passwords would cross the network unencrypted.
    #[error("http:// is only for this machine, private networks and names without a dot; use https://")]
    Unencrypted,
}

impl ApiUrl {
    /// Parses an `http` or `https` URL. It contains no credentials and no query.
    pub fn parse(text: &str) -> Result<Self, ApiUrlError> {
        let base = text.trim_end_matches('/');
        let uri: Uri = base.parse().map_err(|_| ApiUrlError::Malformed)?;
        let authority = uri.authority().ok_or(ApiUrlError::Malformed)?;
        if uri.query().is_some() || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(ApiUrlError::Malformed);
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self(base.to_owned())),
            Some("http") if is_near(authority.host()) => Ok(Self(base.to_owned())),
            Some("http") => Err(ApiUrlError::Unencrypted),
            _ => Err(ApiUrlError::Malformed),
        }
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a request stays on this machine or in a private network.
fn is_near(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        Err(_) => !host.contains('.') || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unencrypted_urls_are_near() {
        for text in [
            "http://127.0.0.1:5280/api",
            "http://[::1]:5280/api/",
            "http://10.1.2.3/api",
            "http://ejabberd:5280/api",
            "https://xmpp.example.com:5443/api",
        ] {
            assert_eq!(ApiUrl::parse(text).unwrap().as_str(), text.trim_end_matches('/'));
        }
        for text in ["http://xmpp.example.com/api", "http://192.0.2.1:5280/api"] {
            assert_eq!(ApiUrl::parse(text), Err(ApiUrlError::Unencrypted), "{text}");
        }
        for text in ["", "127.0.0.1:5280", "ftp://a/api", "http://a:b@c/api", "http://a/api?x=1", "/api"] {
            assert_eq!(ApiUrl::parse(text), Err(ApiUrlError::Malformed), "{text}");
        }
    }
}
