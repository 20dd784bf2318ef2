//! Links to invites.

use std::collections::HashMap;

use vestibule_core::{Host, Invite, Token, xmpp_uri};

/// Builds links to invites: to the pages of this service, or to the external landing page of a host.
#[derive(Clone, Debug)]
pub struct Links {
    base: String,
    /// Templates by host.
    external: HashMap<String, String>,
}

/// First path segments of this service's endpoints, which also answer at the root, so the path of the public URL cannot
/// begin with one.
const OURS: [&str; 12] = [
    ".well-known",
    "docs",
    "healthz",
    "invite",
    "invites_api",
    "invites_page",
    "metrics",
    "openapi.json",
    "readyz",
    "register",
    "static",
    "v1",
];

/// The text is not a valid public URL.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LinkError {
    /// It is not an absolute http(s) URL.
    #[error(
        "not a public URL: expected http:// or https://, a host and optionally a path, for example \
         https://example.com or https://example.com/join"
    )]
    NoUrl,
    /// Its path begins like an endpoint of this service.
    #[error(
        "its path must not begin with /{0}, which Vestibule uses itself; /invite/ is added to links automatically"
    )]
    Ours(String),
}

impl Links {
    /// Builds links from the public URL. A trailing slash does not matter.
    pub fn new(public_url: &str) -> Result<Self, LinkError> {
        let base = public_url.trim_end_matches('/');
        let uri: http::Uri = base.parse().map_err(|_| LinkError::NoUrl)?;
        let good = matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.query().is_none()
            && !base.contains(['#', '@', '{', '}'])
            && !uri.path().contains("//");
        if !good {
            return Err(LinkError::NoUrl);
        }
        match uri.path().split('/').nth(1) {
            Some(first) if OURS.contains(&first) => Err(LinkError::Ours(first.to_owned())),
            _ => Ok(Self { base: base.to_owned(), external: HashMap::new() }),
        }
    }

    /// Sets the external landing page of a host: a template with `{host}`, `{token}` and `{uri}`.
    pub fn set_external(&mut self, host: &str, template: &str) {
        self.external.insert(host.to_owned(), template.to_owned());
    }

    /// The public URL without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The path of the public URL, without a trailing slash; empty if it has none.
    pub fn path(&self) -> &str {
        let after_scheme = self.base.find("://").map_or(0, |at| at + 3);
        self.base[after_scheme..].find('/').map_or("", |at| &self.base[after_scheme + at..])
    }

    /// The link to the page of this service.
    pub fn own(&self, token: &Token) -> String {
        let mut link = String::with_capacity(self.base.len() + 8 + Token::LEN);
        link.push_str(&self.base);
        link.push_str("/invite/");
        link.push_str(token.expose());
        link
    }

    /// The common prefix of all links of a host.
    pub fn beginning(&self, host: &Host) -> String {
        match self.external.get(host.as_str()) {
            None => format!("{}/invite/", self.base),
            Some(template) => {
                let template = template.replace("{host}", host.as_str());
                template.split('{').next().unwrap_or_default().to_owned()
            }
        }
    }

    /// The link for the invited person.
    pub fn link(&self, invite: &Invite, token: &Token) -> String {
        match self.external.get(invite.host.as_str()) {
            None => self.own(token),
            Some(template) => {
                let encode =
                    |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                template
                    .replace("{host}", &encode(invite.host.as_str()))
                    .replace("{token}", token.expose())
                    .replace("{uri}", &encode(&xmpp_uri(invite, token)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_follows_the_host() {
        let path = |url| Links::new(url).unwrap().path().to_owned();
        assert_eq!(path("https://example.com"), "");
        assert_eq!(path("https://example.com/"), "");
        assert_eq!(path("https://example.com/a/b/"), "/a/b");
        assert_eq!(path("http://127.0.0.1:8280"), "");
    }

    #[test]
    fn invalid_public_urls_are_rejected() {
        for url in [
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "https://a b",
            "https://a/?x",
            "https://a/#x",
        ] {
            assert_eq!(Links::new(url).err(), Some(LinkError::NoUrl), "{url}");
        }
        for path in OURS {
            for url in [format!("https://a.example/{path}"), format!("https://a.example/{path}/b/")] {
                assert_eq!(Links::new(&url).err(), Some(LinkError::Ours(path.to_owned())), "{url}");
            }
        }
        assert!(Links::new("https://a.example/invites/invite").is_ok());
    }
}
