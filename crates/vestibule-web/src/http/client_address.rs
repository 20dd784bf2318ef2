//! Whose request it is.
//!
//! The other end of the connection is often a reverse proxy that names its client in a header. That header
//! is one that the operator has chosen, read only where the operator trusts the peer, and only as far as the
//! trust goes: everything left of what the last trusted proxy has added may be made up. No other header is
//! looked at, since a proxy passes on those that it does not know as its client sent them.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};

use http::{Extensions, HeaderMap, HeaderName, header::FORWARDED};

use super::networks::{Networks, client_group};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// The other end of the connection that a request came on; among the extensions of each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Where the client's address is found in a request of a trusted proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAddressSource {
    /// `X-Forwarded-For`, of which each proxy appends the address of its own client.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239), likewise.
    Forwarded,
    /// `X-Real-IP`, one address.
    XRealIp,
    /// Nowhere: the peer's address counts.
    None,
}

/// A text names no [`ClientAddressSource`].
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected \"x-forwarded-for\", \"forwarded\", \"x-real-ip\" or \"none\"")]
pub struct ClientAddressSourceError;

impl ClientAddressSource {
    const ALL: [(Self, &'static str); 4] = [
        (Self::XForwardedFor, "x-forwarded-for"),
        (Self::Forwarded, "forwarded"),
        (Self::XRealIp, "x-real-ip"),
        (Self::None, "none"),
    ];
}

impl FromStr for ClientAddressSource {
    type Err = ClientAddressSourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|(_, name)| name.eq_ignore_ascii_case(text));
        found.map(|(source, _)| *source).ok_or(ClientAddressSourceError)
    }
}

impl fmt::Display for ClientAddressSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Self::ALL.iter().find(|(source, _)| source == self);
        f.write_str(found.map_or("none", |(_, name)| name))
    }
}

/// Whose request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// A client with this address: a peer that is no trusted proxy, or whom a trusted proxy names.
    Known(IpAddr),
    /// A trusted peer that names nobody: a program of this machine, or a proxy that was not told to.
    Unnamed(IpAddr),
    /// A trusted proxy that names its client in a way that cannot be read.
    Unreadable(IpAddr),
}

/// Who counts as one where wrong tokens and keys are counted.
///
/// Clients whose address is not known share what is left to their proxy, and never use up what belongs to the
/// proxy's own address: the bridge of an XMPP server may be on the same machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ClientGroup {
    /// One address, or a /64 of IPv6.
    Address(IpAddr),
    /// Everybody whom this trusted peer does not name.
    RequestService(IpAddr),
}

impl Client {
    /// Works it out.
    pub(crate) fn of(
        extensions: &Extensions,
        headers: &HeaderMap,
        source: ClientAddressSource,
        trusted: &Networks,
    ) -> Self {
        let Some(Peer(peer)) = extensions.get::<Peer>() else {
            return Self::Unreadable(Ipv4Addr::UNSPECIFIED.into());
        };
        let peer = peer.to_canonical();
        if !trusted.contain(peer) {
            return Self::Known(peer);
        }
        match source {
            ClientAddressSource::XForwardedFor => {
                follow(peer, elements(headers, &X_FORWARDED_FOR).map(node), trusted)
            }
            ClientAddressSource::Forwarded => {
                follow(peer, elements(headers, &FORWARDED).map(forwarded_for), trusted)
            }
            ClientAddressSource::XRealIp => {
                let mut addresses = elements(headers, &X_REAL_IP).map(node);
                match (addresses.next(), addresses.next()) {
                    (None, _) => Self::Unnamed(peer),
                    (Some(Some(address)), None) => Self::Known(address),
                    _ => Self::Unreadable(peer),
                }
            }
            ClientAddressSource::None => Self::Unnamed(peer),
        }
    }

    /// Whom to count wrong tokens and keys for.
    pub(crate) fn group(self) -> ClientGroup {
        match self {
            Self::Known(address) => ClientGroup::Address(client_group(address)),
            Self::Unnamed(peer) | Self::Unreadable(peer) => ClientGroup::RequestService(peer),
        }
    }

    /// The address that something may be allowed to: a peer that names nobody speaks for itself. `None` where
    /// it names somebody in a way that cannot be read.
    pub(crate) fn address(self) -> Option<IpAddr> {
        match self {
            Self::Known(address) | Self::Unnamed(address) => Some(address),
            Self::Unreadable(_) => None,
        }
    }
}

/// Goes from proxy to proxy, to the first one that is not trusted. `None` is what cannot be read: whatever lies
/// beyond it is not looked at.
fn follow(peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>, trusted: &Networks) -> Client {
    let mut client = Client::Unnamed(peer);
    let mut last = peer;
    for hop in hops {
        let Some(address) = hop else {
            return Client::Unreadable(last);
        };
        client = Client::Known(address);
        if !trusted.contain(address) {
            break;
        }
        last = address;
    }
    client
}

/// The elements of a list in headers, the last first. Commas in quotes are commas: no address holds one,
/// and so a quote that a client left open hides nothing that a proxy wrote.
fn elements<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> + use<'a> {
    let lines = headers.get_all(name).into_iter().rev();
    let elements = lines.flat_map(|line| line.to_str().unwrap_or("unreadable").rsplit(','));
    elements.map(str::trim).filter(|element| !element.is_empty())
}

/// Reads an element of `Forwarded` (RFC 7239 section 4).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let value = element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value.trim())
    })?;
    node(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// Reads an address, with or without a port.
fn node(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
#[path = "client_address_tests.rs"]
mod tests;
