//! The route to the XMPP server of a host.

use std::{fmt, net::IpAddr};

use crate::trust_anchors::TrustAnchors;

/// Encryption of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// STARTTLS before anything else is sent (RFC 6120 section 5). If the server does not offer it, nothing is sent.
    #[default]
    StartTls,
    /// Direct TLS (XEP-0368).
    Direct,
    /// No encryption; only to this machine.
    None,
}

/// The address, encryption and trust anchors of a host's XMPP server.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// `None`: SRV lookup.
    pub(crate) address: Option<Endpoint>,
    pub(crate) encryption: Encryption,
    pub(crate) trust: TrustAnchors,
    /// Whether no secrets are sent, so that any address is allowed.
    pub(crate) open: bool,
}

impl fmt::Display for Route {
    /// The address, or a note that DNS provides it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            Some(endpoint) => endpoint.fmt(f),
            None => f.write_str("the address from DNS"),
        }
    }
}

/// A host name or address, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) name: String,
    pub(crate) port: u16,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, port } = self;
        if name.contains(':') { write!(f, "[{name}]:{port}") } else { write!(f, "{name}:{port}") }
    }
}

/// The route is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// The address is malformed.
    #[error("expected a name or an address, and a port, for example 127.0.0.1:5222")]
    Address,
    /// Passwords would cross the network unencrypted.
    #[error("without encryption only an address of this machine is allowed, for example 127.0.0.1:5222")]
    NotLoopback,
}

impl Route {
    /// A route to `address` (`name:port`, `127.0.0.1:5222`, `[::1]:5222`), or by SRV lookup. Without encryption the
    /// address must be a loopback address or `localhost`.
    pub fn new(
        address: Option<&str>,
        encryption: Encryption,
        trust: TrustAnchors,
    ) -> Result<Self, RouteError> {
        let address = address.map(|text| endpoint(text).ok_or(RouteError::Address)).transpose()?;
        let here = address.as_ref().is_some_and(|endpoint| is_loopback_name(&endpoint.name));
        if encryption == Encryption::None && !here {
            return Err(RouteError::NotLoopback);
        }
        Ok(Self { address, encryption, trust, open: false })
    }

    /// A route for surveys only: encrypted if offered, with any certificate.
    pub(crate) fn for_survey(address: &str) -> Option<Self> {
        let address = Some(endpoint(address)?);
        Some(Self { address, encryption: Encryption::None, trust: TrustAnchors::unchecked(), open: true })
    }

    /// Whether the address is configured, and not looked up in DNS.
    pub fn has_address(&self) -> bool {
        self.address.is_some()
    }

    /// Whether this address is allowed.
    pub(crate) fn may_reach(&self, ip: IpAddr) -> bool {
        self.open || self.encryption != Encryption::None || is_loopback(ip)
    }
}

/// IPv4-mapped IPv6 addresses count as IPv4.
fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

fn is_loopback_name(name: &str) -> bool {
    name == "localhost" || name.parse().is_ok_and(is_loopback)
}

fn endpoint(text: &str) -> Option<Endpoint> {
    let (name, port) = text.rsplit_once(':')?;
    let name = match name.strip_prefix('[') {
        Some(bracketed) => {
            bracketed.strip_suffix(']').filter(|inside| inside.parse::<std::net::Ipv6Addr>().is_ok())?
        }
        None => name,
    };
    let bracketed = text.starts_with('[');
    let letters = |one: u8| one.is_ascii_alphanumeric() || matches!(one, b'-' | b'.' | b'_');
    let sound = bracketed || !name.is_empty() && name.len() <= 253 && name.bytes().all(letters);
    let port = port.parse().ok().filter(|port| *port != 0)?;
    sound.then(|| Endpoint { name: name.to_ascii_lowercase(), port })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parsed() {
        for (text, name, port) in [
            ("127.0.0.1:5222", "127.0.0.1", 5222),
            ("[::1]:1", "::1", 1),
            ("XMPP.example.com:65535", "xmpp.example.com", 65535),
            ("prosody_1:5222", "prosody_1", 5222),
        ] {
            let read = endpoint(text).unwrap();
            assert_eq!((read.name.as_str(), read.port), (name, port));
            assert_eq!(read.to_string(), text.to_lowercase());
        }
        for text in [
            "",
            ":",
            "a",
            "a:",
            ":5222",
            "a:0",
            "a:65536",
            "a:+",
            "::1:5222",
            "[::1]",
            "[a]:1",
            "a b:1",
            "a@b:1",
            "http://a:1",
            "[::1:5222",
            "é.example:5222",
        ] {
            assert_eq!(endpoint(text), None, "{text}");
        }
    }

    #[test]
    fn unencrypted_routes_are_local() {
        let plain = |address| Route::new(address, Encryption::None, TrustAnchors::system_roots()).map(|_| ());
        for here in
            ["127.0.0.1:5222", "127.9.9.9:1", "[::1]:5222", "[::ffff:127.0.0.1]:5222", "localhost:5222"]
        {
            assert_eq!(plain(Some(here)), Ok(()), "{here}");
        }
        for elsewhere in [
            "10.0.0.1:5222",
            "[::ffff:10.0.0.1]:5222",
            "a.example:5222",
            "0.0.0.0:5222",
            "localhost.a.example:1",
        ] {
            assert_eq!(plain(Some(elsewhere)), Err(RouteError::NotLoopback), "{elsewhere}");
        }
        assert_eq!(plain(None), Err(RouteError::NotLoopback));
        // Also if a name resolves to another machine.
        let (here, elsewhere) = (["127.0.0.2", "::1"], ["10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1"]);
        for (encryption, leaves) in [(Encryption::None, false), (Encryption::StartTls, true)] {
            let route = Route::new(Some("localhost:5222"), encryption, TrustAnchors::system_roots()).unwrap();
            assert!(here.iter().all(|ip| route.may_reach(ip.parse().unwrap())));
            assert!(
                elsewhere.iter().all(|ip| route.may_reach(ip.parse().unwrap()) == leaves),
                "{encryption:?}"
            );
        }
        assert!(Route::for_survey("10.0.0.1:5222").unwrap().may_reach("10.0.0.1".parse().unwrap()));
        assert_eq!(plain(Some("x")), Err(RouteError::Address));
    }
}
