//! Lists of networks in settings.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use ipnet::IpNet;

/// A list of addresses and networks, such as `127.0.0.1` or `10.0.0.0/8`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

/// The text is neither an address nor a network.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("\"{0}\" is neither an address nor a network, such as 127.0.0.1 or 10.0.0.0/8")]
pub struct NetworksError(String);

/// The loopback networks: by default the service listens on a loopback address, and every peer is on this machine.
impl Default for Networks {
    fn default() -> Self {
        Self(vec![
            IpNet::new_assert([127, 0, 0, 0].into(), 8),
            IpNet::new_assert(Ipv6Addr::LOCALHOST.into(), 128),
        ])
    }
}

impl Networks {
    /// Parses one network per text. An empty list contains no address.
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, NetworksError> {
        let read = |text: &str| {
            let address = text.parse().map(|address: IpAddr| IpNet::from(address.to_canonical()));
            text.parse().or(address).map_err(|_| NetworksError(text.to_owned()))
        };
        texts.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Whether one of the networks contains the address.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join(","))
    }
}

/// The address that stands for a client: IPv6 clients usually control a whole /64.
pub(crate) fn client_group(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_read() {
        let networks =
            Networks::read(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::ffff:192.0.2.8"]).unwrap();
        for (address, within) in [
            ("10.255.0.1", true),
            ("192.0.2.7", true),
            ("192.0.2.8", true),
            ("192.0.2.9", false),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(networks.contain(address.parse().unwrap()), within, "{address}");
        }
        assert_eq!(Networks::read(["nowhere"]), Err(NetworksError("nowhere".to_owned())));
        assert!(Networks::read(["10.0.0.0/33"]).is_err());
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let group = |text: &str| client_group(text.parse().unwrap());
        assert_eq!(group("2001:db8::1"), group("2001:db8::ffff:1:2:3"));
        assert_ne!(group("2001:db8::1"), group("2001:db8:0:1::1"));
        assert_eq!(group("::ffff:198.51.100.7"), group("198.51.100.7"));
        assert_ne!(group("198.51.100.7"), group("198.51.100.8"));
    }

    #[test]
    fn the_default_is_loopback_and_an_empty_list_contains_no_address() {
        assert_eq!(Networks::default().to_string(), "127.0.0.0/8,::1/128");
        let empty = Networks::read([]).unwrap();
        for address in ["127.0.0.1", "127.8.8.8", "::1"] {
            assert!(Networks::default().contain(address.parse().unwrap()), "{address}");
            assert!(!empty.contain(address.parse().unwrap()), "{address}");
        }
        assert!(!Networks::default().contain("::2".parse().unwrap()));
    }
}
