//! Where DNS says that the clients of a domain connect.

use std::{fs, net::SocketAddr, time::Duration};

use domain::{
    base::{Name, RelativeName},
    resolv::{
        StubResolver,
        stub::conf::{ResolvConf, ServerConf, Transport},
    },
};
use tokio::time::timeout;

use crate::{
    route::{Encryption, Place},
    trouble::Trouble,
};

/// Where clients connect when DNS says nothing (RFC 6120 section 3.2.2).
const USUAL_PORT: u16 = 5222;

/// Where direct TLS is found when DNS says nothing. XEP-0368 names no port; servers use this one.
const USUAL_DIRECT_PORT: u16 = 5223;

/// How many servers of one domain are tried.
const MOST_PLACES: usize = 8;

/// Who is asked about names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Empty: those in `/etc/resolv.conf`, as it is at the moment.
    servers: Vec<SocketAddr>,
}

impl Names {
    pub(crate) fn of(servers: Vec<SocketAddr>) -> Self {
        Self { servers }
    }

    /// The places to try for `domain` (ASCII), best first (RFC 6120 section 3.2.1, RFC 2782). Where DNS has no answer,
    /// the domain itself is the place.
    pub(crate) async fn places(
        &self,
        domain: &str,
        encryption: Encryption,
        patience: Duration,
    ) -> Result<Vec<Place>, Trouble> {
        let (service, port) = match encryption {
            Encryption::Direct => ("_xmpps-client._tcp", USUAL_DIRECT_PORT),
            Encryption::StartTls | Encryption::None => ("_xmpp-client._tcp", USUAL_PORT),
        };
        match timeout(patience, self.look_up(service, domain, port)).await {
            Ok(Some(Found::Places(places))) => Ok(places),
            Ok(Some(Found::NoService)) => Err(Trouble::NoService),
            Ok(None) | Err(_) => Ok(vec![Place { name: domain.to_owned(), port }]),
        }
    }

    /// Nothing where there is no answer, or the answer is that there is no record.
    async fn look_up(&self, service: &str, domain: &str, port: u16) -> Option<Found> {
        let domain: Name<Vec<u8>> = domain.parse().ok()?;
        let service: RelativeName<Vec<u8>> = service.parse().ok()?;
        let resolver = StubResolver::from_conf(self.conf());
        let Some(found) = resolver.lookup_srv(service, &domain, port).await.ok()? else {
            return Some(Found::NoService);
        };
        let place = |name: String, port| Place { name, port };
        let places: Vec<_> = found
            .into_srvs()
            .map(|record| place(record.target().to_string().to_ascii_lowercase(), record.port()))
            .filter(|place| !place.name.is_empty() && place.name != "." && place.port != 0)
            .take(MOST_PLACES)
            .collect();
        (!places.is_empty()).then_some(Found::Places(places))
    }

    fn conf(&self) -> ResolvConf {
        let mut conf = ResolvConf::new();
        if self.servers.is_empty() {
            let file = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
            // Line by line: one that the library does not understand would end its reading of the others.
            for line in file.lines().filter(|line| line.starts_with("nameserver")) {
                let _ = conf.parse(&mut line.as_bytes());
            }
        }
        let given = self.servers.iter().map(|server| ServerConf::new(*server, Transport::UdpTcp));
        conf.servers.extend(given);
        conf.finalize();
        conf
    }
}

enum Found {
    Places(Vec<Place>),
    NoService,
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::UdpSocket;

    /// A name server that sends questions back with this code (RFC 1035 section 4.1.1), or hears them only.
    async fn name_server(code: Option<u8>) -> Names {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut bytes = [0; 2048];
            loop {
                let (length, from) = socket.recv_from(&mut bytes).await.unwrap();
                let Some(code) = code else { continue };
                bytes[2] |= 0x80;
                bytes[3] = code;
                socket.send_to(&bytes[..length], from).await.unwrap();
            }
        });
        Names::of(vec![address])
    }

    #[tokio::test]
    async fn without_an_answer_the_domain_itself_is_the_place() {
        const PATIENCE: Duration = Duration::from_secs(10);
        let (none, failure, no_domain, refused) = (Some(0), Some(2), Some(3), Some(5));
        for code in [none, failure, no_domain, refused] {
            let names = name_server(code).await;
            for (encryption, port) in [(Encryption::StartTls, 5222), (Encryption::Direct, 5223)] {
                let places = names.places("a.example", encryption, PATIENCE).await;
                assert_eq!(places, Ok(vec![Place { name: "a.example".to_owned(), port }]), "{code:?}");
            }
        }
        let silent = name_server(None).await;
        let places = silent.places("a.example", Encryption::StartTls, Duration::from_millis(200)).await;
        assert_eq!(places, Ok(vec![Place { name: "a.example".to_owned(), port: 5222 }]));
    }

    #[tokio::test]
    async fn nothing_is_left_running() {
        let names = name_server(Some(3)).await;
        let tasks = tokio::runtime::Handle::current().metrics();
        let before = tasks.num_alive_tasks();
        for _ in 0..3 {
            names.places("a.example", Encryption::StartTls, Duration::from_secs(10)).await.unwrap();
        }
        while tasks.num_alive_tasks() > before {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_is_no_name_is_not_looked_up() {
        let silent = name_server(None).await;
        let long = "a.".repeat(126);
        let places = silent.places(&long, Encryption::StartTls, Duration::from_mins(1)).await;
        assert_eq!(places.map(|places| places.len()), Ok(1));
    }

    #[test]
    fn the_machine_says_who_is_asked() {
        let conf = Names::default().conf();
        assert!(!conf.servers.is_empty());
        let given: SocketAddr = "127.0.0.1:5353".parse().unwrap();
        let servers: Vec<_> =
            Names::of(vec![given]).conf().servers.iter().map(|server| server.addr).collect();
        assert_eq!(servers, [given]);
    }
}
