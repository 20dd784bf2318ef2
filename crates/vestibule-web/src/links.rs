//! Links to invites.

use std::collections::HashMap;

use vestibule_core::{Host, Invite, Token, xmpp_uri};

/// Builds links to invites: to the pages of this service, or to the external landing page of a host.
#[derive(Clone, Debug)]
pub struct Links {
    base: String,
    /// Public URLs by host, for hosts that have their own.
    hosts: HashMap<String, String>,
    /// Templates by host.
    external: HashMap<String, String>,
}

/// First path segments of this service's endpoints, which also answer at the root, so the path of the public URL cannot
/// begin with one.
const OURS: [&str; 14] = [
    ".well-known",
    "admin",
    "docs",
    "healthz",
    "invite",
    "invites_api",
    "invites_page",
    "metrics",
    "openapi.json",
    "preview",
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
    /// The public URL of a host has another path than the common one.
    #[error(
        "its path must be that of public_url ({0:?}), because Vestibule answers below one path for all hosts; set \
         public_url to a URL with the same path"
    )]
    OtherPath(String),
}

impl Links {
    /// Builds links from the public URL. A trailing slash does not matter.
    pub fn new(public_url: &str) -> Result<Self, LinkError> {
        let base = checked(public_url)?.to_owned();
        Ok(Self { base, hosts: HashMap::new(), external: HashMap::new() })
    }

    /// Sets the public URL of a host. Its path must be that of the common one.
    pub fn set_base(&mut self, host: &str, public_url: &str) -> Result<(), LinkError> {
        let base = checked(public_url)?;
        if path(base) != self.path() {
            return Err(LinkError::OtherPath(self.path().to_owned()));
        }
        self.hosts.insert(host.to_owned(), base.to_owned());
        Ok(())
    }

    /// Sets the external landing page of a host: a template with `{host}`, `{token}` and `{uri}`.
    pub fn set_external(&mut self, host: &str, template: &str) {
        self.external.insert(host.to_owned(), template.to_owned());
    }

    /// The common public URL without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The public URL of a host without a trailing slash: its own, else the common one.
    pub fn base_of(&self, host: &Host) -> &str {
        self.hosts.get(host.as_str()).unwrap_or(&self.base)
    }

    /// As [`Links::base_of`], of a host by its name.
    pub(crate) fn base_at(&self, host: &str) -> &str {
        self.hosts.get(host).unwrap_or(&self.base)
    }

    /// The hosts with a public URL of their own, with that URL.
    pub fn host_bases(&self) -> impl Iterator<Item = (&str, &str)> {
        self.hosts.iter().map(|(host, base)| (host.as_str(), base.as_str()))
    }

    /// The path of all public URLs, without a trailing slash; empty if they have none.
    pub fn path(&self) -> &str {
        path(&self.base)
    }

    /// Whether a link begins with `https:`.
    pub(crate) fn is_https(&self) -> bool {
        self.hosts.values().chain([&self.base]).any(|base| base.starts_with("https://"))
    }

    /// The link to the page of this service.
    pub fn own(&self, host: &Host, token: &Token) -> String {
        let base = self.base_of(host);
        let mut link = String::with_capacity(base.len() + 8 + Token::LEN);
        link.push_str(base);
        link.push_str("/invite/");
        link.push_str(token.expose());
        link
    }

    /// The common prefix of all links of a host.
    pub fn beginning(&self, host: &Host) -> String {
        match self.external.get(host.as_str()) {
            None => format!("{}/invite/", self.base_of(host)),
            Some(template) => {
                let template = template.replace("{host}", host.as_str());
                template.split('{').next().unwrap_or_default().to_owned()
            }
        }
    }

    /// Whether the links of a host lead to an external landing page.
    pub fn is_external(&self, host: &Host) -> bool {
        self.external.contains_key(host.as_str())
    }

    /// The link for the invited person.
    pub fn link(&self, invite: &Invite, token: &Token) -> String {
        match self.external.get(invite.host.as_str()) {
            None => self.own(&invite.host, token),
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

/// The public URL without a trailing slash, if it is valid.
fn checked(public_url: &str) -> Result<&str, LinkError> {
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
        _ => Ok(base),
    }
}

/// The path of a public URL, without a trailing slash.
fn path(base: &str) -> &str {
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    base[after_scheme..].find('/').map_or("", |at| &base[after_scheme + at..])
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
    fn a_host_may_have_its_own_public_url() {
        let [a, b] = ["a.example", "b.example"].map(|host| Host::parse(host).unwrap());
        let mut links = Links::new("https://a.example/join").unwrap();
        links.set_base("b.example", "https://chat.b.example/join/").unwrap();
        assert_eq!(links.base_of(&a), "https://a.example/join");
        assert_eq!(links.base_of(&b), "https://chat.b.example/join");
        assert_eq!(links.beginning(&b), "https://chat.b.example/join/invite/");
        assert_eq!(
            links.set_base("b.example", "https://b.example"),
            Err(LinkError::OtherPath("/join".to_owned()))
        );
        assert_eq!(links.set_base("b.example", "b.example"), Err(LinkError::NoUrl));
        assert_eq!(links.host_bases().collect::<Vec<_>>(), [("b.example", "https://chat.b.example/join")]);
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
