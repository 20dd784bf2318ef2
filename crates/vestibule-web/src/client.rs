//! Whose request it is.
//!
//! The other end of the connection is often a reverse proxy, which tells whom it speaks for. What it tells
//! is believed only where the operator trusts it, and only as far as the trust goes: everything left of
//! what the last trusted proxy has added may be made up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use http::{Extensions, HeaderMap, header::FORWARDED};

use crate::Networks;

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The other end of the connection that a request came on; among the extensions of each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Whose request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress {
    /// The address; one of IPv4 also where it was written as one of IPv6.
    pub(crate) ip: IpAddr,
    /// Nothing about it was unclear. What is unclear opens no door.
    pub(crate) sure: bool,
}

impl ClientAddress {
    /// Works it out.
    pub(crate) fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &Networks) -> Self {
        let Some(Peer(peer)) = extensions.get::<Peer>() else {
            return Self { ip: Ipv4Addr::UNSPECIFIED.into(), sure: false };
        };
        let peer = Self { ip: peer.to_canonical(), sure: true };
        if !trusted.contain(peer.ip) {
            return peer;
        }
        let (old, new) = (headers.contains_key(X_FORWARDED_FOR), headers.contains_key(FORWARDED));
        let old = old.then(|| peer.follow(elements(headers, X_FORWARDED_FOR).map(node), trusted));
        let new = new.then(|| peer.follow(elements(headers, FORWARDED.as_str()).map(forwarded_for), trusted));
        match (old, new) {
            // A proxy writes one of them and passes the other on as it came, and nobody can tell which.
            (Some(old), Some(new)) if old != new => Self { sure: false, ..peer },
            (Some(told), _) | (None, Some(told)) => told,
            (None, None) => peer,
        }
    }

    /// Goes from proxy to proxy, to the first one that is not trusted. `None` is what cannot be read:
    /// whatever lies beyond it is not looked at.
    fn follow(self, hops: impl Iterator<Item = Option<IpAddr>>, trusted: &Networks) -> Self {
        let mut last = self;
        for hop in hops {
            let Some(ip) = hop else {
                return Self { sure: false, ..last };
            };
            last.ip = ip;
            if !trusted.contain(ip) {
                break;
            }
        }
        last
    }
}

/// The elements of a list in headers, the last first. Commas in quotes are commas: no address holds one,
/// and so a quote that a client left open hides nothing that a proxy wrote.
fn elements<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
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
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn networks(texts: &[&str]) -> Networks {
        Networks::read(texts.iter().copied()).unwrap()
    }

    fn of(peer: &str, lines: &[(&'static str, &str)], trusted: &Networks) -> (String, bool) {
        let mut extensions = Extensions::new();
        extensions.insert(Peer(peer.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let found = ClientAddress::of(&extensions, &headers, trusted);
        (found.ip.to_string(), found.sure)
    }

    #[test]
    fn x_forwarded_for_is_read_from_the_right() {
        let trusted = networks(&["127.0.0.1", "10.0.0.0/8"]);
        for (peer, value, expected, sure) in [
            ("127.0.0.1", "198.51.100.7", "198.51.100.7", true),
            ("::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7", true),
            ("127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7", true),
            ("127.0.0.1", "203.0.113.9, 198.51.100.7,10.1.2.3", "198.51.100.7", true),
            ("127.0.0.1", "10.1.2.3, 10.1.2.4", "10.1.2.3", true),
            ("127.0.0.1", "198.51.100.7:4711", "198.51.100.7", true),
            ("127.0.0.1", "2001:db8::7", "2001:db8::7", true),
            ("127.0.0.1", "[2001:db8::7]", "2001:db8::7", true),
            ("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7", true),
            ("127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7", true),
            ("127.0.0.1", ", 198.51.100.7, ,", "198.51.100.7", true),
            ("127.0.0.1", "198.51.100.7, unknown", "127.0.0.1", false),
            ("127.0.0.1", "198.51.100.7, nonsense, 10.1.2.3", "10.1.2.3", false),
            ("127.0.0.1", "nonsense, 198.51.100.7", "198.51.100.7", true),
            ("127.0.0.1", "", "127.0.0.1", true),
            ("203.0.113.1", "198.51.100.7", "203.0.113.1", true),
            ("::1", "198.51.100.7", "::1", true),
        ] {
            let found = of(peer, &[(X_FORWARDED_FOR, value)], &trusted);
            assert_eq!(found, (expected.to_owned(), sure), "{peer} {value}");
        }
    }

    #[test]
    fn forwarded_is_read_from_the_right() {
        let trusted = networks(&["127.0.0.1", "10.0.0.0/8"]);
        for (value, expected, sure) in [
            ("for=198.51.100.7", "198.51.100.7", true),
            ("For=\"198.51.100.7:4711\";proto=https", "198.51.100.7", true),
            ("proto=https; for=\"[2001:db8::7]:4711\";by=203.0.113.43", "2001:db8::7", true),
            ("for=\"[2001:db8::7]\"", "2001:db8::7", true),
            ("for=203.0.113.9, for=198.51.100.7, for=10.1.2.3", "198.51.100.7", true),
            ("for=\"203.0.113.9, for=198.51.100.7", "198.51.100.7", true),
            ("for=198.51.100.7, for=unknown", "127.0.0.1", false),
            ("for=198.51.100.7, for=_hidden, for=10.1.2.3", "10.1.2.3", false),
            ("for=198.51.100.7, proto=https", "127.0.0.1", false),
        ] {
            let found = of("127.0.0.1", &[("forwarded", value)], &trusted);
            assert_eq!(found, (expected.to_owned(), sure), "{value}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines = [(X_FORWARDED_FOR, "203.0.113.9"), (X_FORWARDED_FOR, "198.51.100.7, 127.0.0.1")];
        assert_eq!(of("127.0.0.1", &lines, &Networks::default()), ("198.51.100.7".to_owned(), true));
    }

    #[test]
    fn two_stories_are_none() {
        let lines = |old, new| [(X_FORWARDED_FOR, old), ("forwarded", new)];
        let trusted = Networks::default();
        let found = of("127.0.0.1", &lines("198.51.100.7", "for=203.0.113.9"), &trusted);
        assert_eq!(found, ("127.0.0.1".to_owned(), false));
        let found = of("127.0.0.1", &lines("198.51.100.7", "for=198.51.100.7"), &trusted);
        assert_eq!(found, ("198.51.100.7".to_owned(), true));
    }

    #[test]
    fn an_empty_list_trusts_nobody() {
        let lines = [(X_FORWARDED_FOR, "198.51.100.7")];
        assert_eq!(of("127.0.0.1", &lines, &networks(&[])), ("127.0.0.1".to_owned(), true));
    }

    proptest! {
        /// Whatever a client sends, its proxy appends the truth, and the truth is found.
        #[test]
        fn nobody_can_speak_for_somebody_else(made_up in "[ -~]{0,60}") {
            let value = format!("{made_up}, 198.51.100.7");
            let found = of("127.0.0.1", &[(X_FORWARDED_FOR, &value)], &Networks::default());
            prop_assert_eq!(found, ("198.51.100.7".to_owned(), true));
            let value = format!("{made_up}, for=198.51.100.7");
            let found = of("127.0.0.1", &[("forwarded", &value)], &Networks::default());
            prop_assert_eq!(found, ("198.51.100.7".to_owned(), true));
        }
    }
}
