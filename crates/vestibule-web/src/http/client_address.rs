//! The address of the client that sent a request.
//!
//! The peer of a connection is often a reverse proxy that names its client in a header. Only the configured header of a
//! trusted peer is read, and only up to the first untrusted address: everything to the left of it can be forged. Other
//! headers are ignored, because proxies pass on unknown headers as the client sent them.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};

use http::{Extensions, HeaderMap, HeaderName, header::FORWARDED};

use super::networks::{Networks, client_group};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// The peer address of the connection, an extension of each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The header in which trusted proxies name their client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAddressSource {
    /// `X-Forwarded-For`, to which each proxy appends the address of its client.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239), likewise.
    Forwarded,
    /// `X-Real-IP`, a single address.
    XRealIp,
    /// None: the peer is the client.
    None,
}

/// The text names no [`ClientAddressSource`].
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

/// The client that sent a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// A client with a known address: an untrusted peer, or the client named by a trusted proxy.
    Known(IpAddr),
    /// A trusted peer that names no client: a program on this machine, or a misconfigured proxy.
    Unnamed(IpAddr),
    /// A trusted proxy with an unreadable header.
    Unreadable(IpAddr),
}

/// The unit for which the limiter counts.
///
/// Clients without a known address share one count per proxy, separate from that of the proxy's own address, because
/// the bridge of an XMPP server may run on the same machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ClientGroup {
    /// One IPv4 address, or one IPv6 /64.
    Address(IpAddr),
    /// All clients that this trusted peer does not name.
    UnnamedClients(IpAddr),
}

impl Client {
    /// The client of a request.
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

    /// The unit for which the limiter counts.
    pub(crate) fn group(self) -> ClientGroup {
        match self {
            Self::Known(address) => ClientGroup::Address(client_group(address)),
            Self::Unnamed(peer) | Self::Unreadable(peer) => ClientGroup::UnnamedClients(peer),
        }
    }

    /// The address for access rules: a peer that names no client stands for itself. `None` if the header is unreadable.
    pub(crate) fn address(self) -> Option<IpAddr> {
        match self {
            Self::Known(address) | Self::Unnamed(address) => Some(address),
            Self::Unreadable(_) => None,
        }
    }
}

/// Follows the chain of proxies to the first untrusted address. `None` is an unreadable hop, which ends the chain.
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

/// The elements of a list header, last first. Commas split even within quotes: no address contains one, and so an
/// unclosed quote of a client cannot hide what a proxy appended.
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
