//! DNS lookup of the client servers of a domain.

use std::{fs, net::SocketAddr, time::Duration};

use domain::{
    base::{Name, RelativeName},
    rdata::Srv,
    resolv::{
        StubResolver,
        lookup::srv::FoundSrvs,
        stub::conf::{ResolvConf, ServerConf, Transport},
    },
};
use tokio::{net::lookup_host, time::timeout};

use crate::{
    route::{Encryption, Endpoint},
    stream_error::StreamError,
};

/// The default client port (RFC 6120 section 3.2.2).
const DEFAULT_PORT: u16 = 5222;

/// The usual port of direct TLS; XEP-0368 defines none.
const DEFAULT_DIRECT_TLS_PORT: u16 = 5223;

/// Maximum number of servers tried for one domain.
const MAX_TARGETS: usize = 8;

/// The SRV service of STARTTLS (RFC 6120 section 3.2.1).
const CLIENT: &str = "_xmpp-client._tcp";

/// The SRV service of direct TLS (XEP-0368 section 3).
const DIRECT_CLIENT: &str = "_xmpps-client._tcp";

/// A server of a domain: its address and encryption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) endpoint: Endpoint,
    pub(crate) encryption: Encryption,
}

/// A DNS resolver.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver {
    /// Name servers; empty for those in the current `/etc/resolv.conf`.
    servers: Vec<SocketAddr>,
}

impl Resolver {
    pub(crate) fn of(servers: Vec<SocketAddr>) -> Self {
        Self { servers }
    }

    /// The servers to try for `domain` (ASCII), best first (RFC 6120 section 3.2.1, RFC 2782). If DNS has no answer,
    /// the domain itself is the server.
    ///
    /// With [`Encryption::StartTls`], the records of direct TLS are included too, mixed by priority and weight as
    /// XEP-0368 section 3 requires: both are encrypted before any secret is sent.
    pub(crate) async fn targets(
        &self,
        domain: &str,
        encryption: Encryption,
        patience: Duration,
    ) -> Result<Vec<Target>, StreamError> {
        let look_up = |service| self.look_up(service, domain, patience);
        let (plain, direct) = match encryption {
            Encryption::Direct => (Answer::Nothing, look_up(DIRECT_CLIENT).await),
            Encryption::StartTls => tokio::join!(look_up(CLIENT), look_up(DIRECT_CLIENT)),
            Encryption::None => (look_up(CLIENT).await, Answer::Nothing),
        };
        let targets = match (plain, direct) {
            (Answer::Records(mut plain), Answer::Records(direct)) => {
                plain.merge(&direct);
                ordered(plain, keys(direct), encryption)
            }
            (Answer::Records(plain), _) => ordered(plain, Vec::new(), encryption),
            (_, Answer::Records(direct)) => ordered(direct.clone(), keys(direct), encryption),
            (Answer::NoService, _) => return Err(StreamError::NoService),
            (Answer::Nothing, Answer::NoService) if encryption == Encryption::Direct => {
                return Err(StreamError::NoService);
            }
            _ => Vec::new(),
        };
        Ok(if targets.is_empty() { vec![default_target(domain, encryption)] } else { targets })
    }

    /// The addresses of a name in the system's order of preference; empty if there are none.
    pub(crate) async fn addresses(&self, endpoint: &Endpoint, patience: Duration) -> Vec<SocketAddr> {
        let looking = async {
            // Custom name servers replace the system's lookup, which also knows names outside of DNS.
            let given = if self.servers.is_empty() { Vec::new() } else { self.ask(endpoint).await };
            if !given.is_empty() {
                return given;
            }
            let found = lookup_host((endpoint.name.as_str(), endpoint.port)).await;
            found.into_iter().flatten().collect()
        };
        timeout(patience, looking).await.unwrap_or_default()
    }

    async fn ask(&self, endpoint: &Endpoint) -> Vec<SocketAddr> {
        let Ok(name) = endpoint.name.parse::<Name<Vec<u8>>>() else { return Vec::new() };
        let found = StubResolver::from_conf(self.conf()).lookup_host(&name).await;
        found.map(|found| found.port_iter(endpoint.port).collect()).unwrap_or_default()
    }

    async fn look_up(&self, service: &str, domain: &str, patience: Duration) -> Answer {
        timeout(patience, self.records(service, domain)).await.ok().flatten().unwrap_or(Answer::Nothing)
    }

    /// `None` if there is no answer.
    async fn records(&self, service: &str, domain: &str) -> Option<Answer> {
        let domain: Name<Vec<u8>> = domain.parse().ok()?;
        let service: RelativeName<Vec<u8>> = service.parse().ok()?;
        let resolver = StubResolver::from_conf(self.conf());
        // Without records, the library returns one with the domain and this port, which no server uses.
        let found = resolver.lookup_srv(service, &domain, 0).await.ok()?;
        Some(match found {
            None => Answer::NoService,
            Some(found) if found.clone().into_srvs().all(|record| record.port() == 0) => Answer::Nothing,
            Some(found) => Answer::Records(found),
        })
    }

    fn conf(&self) -> ResolvConf {
        let mut conf = ResolvConf::new();
        if self.servers.is_empty() {
            let file = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
            // Line by line, since an unknown line would stop the library's parser.
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

/// The DNS answer for one service of a domain.
enum Answer {
    Records(FoundSrvs),
    /// The domain does not offer it (a target of `.`, RFC 2782).
    NoService,
    /// No record, or no answer.
    Nothing,
}

/// The identity of a record.
type Key = (u16, u16, u16, String);

fn key(record: &Srv<impl ToString>) -> Key {
    let target = record.target().to_string().trim_end_matches('.').to_ascii_lowercase();
    (record.priority(), record.weight(), record.port(), target)
}

fn keys(found: FoundSrvs) -> Vec<Key> {
    found.into_srvs().map(|record| key(&record)).collect()
}

/// The records in the order of attempts. Those in `direct` are for direct TLS.
fn ordered(found: FoundSrvs, mut direct: Vec<Key>, encryption: Encryption) -> Vec<Target> {
    let targets = found.into_srvs().filter_map(|record| {
        let key = key(&record);
        let is_direct = direct.iter().position(|one| *one == key).map(|at| direct.swap_remove(at)).is_some();
        let (_, _, port, name) = key;
        let encryption = if is_direct { Encryption::Direct } else { encryption };
        (!name.is_empty() && port != 0).then_some(Target { endpoint: Endpoint { name, port }, encryption })
    });
    targets.take(MAX_TARGETS).collect()
}

/// The default target without records.
fn default_target(domain: &str, encryption: Encryption) -> Target {
    let port = if encryption == Encryption::Direct { DEFAULT_DIRECT_TLS_PORT } else { DEFAULT_PORT };
    Target { endpoint: Endpoint { name: domain.to_owned(), port }, encryption }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::UdpSocket;

    /// A name server that returns queries with this code (RFC 1035 section 4.1.1), or never answers.
    async fn name_server(code: Option<u8>) -> Resolver {
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
        Resolver::of(vec![address])
    }

    #[tokio::test]
    async fn without_an_answer_the_domain_itself_is_the_server() {
        const PATIENCE: Duration = Duration::from_secs(10);
        let (none, failure, no_domain, refused) = (Some(0), Some(2), Some(3), Some(5));
        for code in [none, failure, no_domain, refused] {
            let resolver = name_server(code).await;
            for (encryption, port) in [(Encryption::StartTls, 5222), (Encryption::Direct, 5223)] {
                let targets = resolver.targets("a.example", encryption, PATIENCE).await;
                let endpoint = Endpoint { name: "a.example".to_owned(), port };
                assert_eq!(targets, Ok(vec![Target { endpoint, encryption }]), "{code:?}");
            }
        }
        let silent = name_server(None).await;
        let targets = silent.targets("a.example", Encryption::StartTls, Duration::from_millis(200)).await;
        assert_eq!(targets, Ok(vec![default_target("a.example", Encryption::StartTls)]));
    }

    #[tokio::test]
    async fn no_task_keeps_running() {
        let resolver = name_server(Some(3)).await;
        let tasks = tokio::runtime::Handle::current().metrics();
        let before = tasks.num_alive_tasks();
        for _ in 0..3 {
            resolver.targets("a.example", Encryption::StartTls, Duration::from_secs(10)).await.unwrap();
        }
        while tasks.num_alive_tasks() > before {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn invalid_names_are_not_looked_up() {
        let silent = name_server(None).await;
        let long = "a.".repeat(126);
        let targets = silent.targets(&long, Encryption::StartTls, Duration::from_mins(1)).await;
        assert_eq!(targets.map(|targets| targets.len()), Ok(1));
    }

    #[test]
    fn the_system_configures_the_name_servers() {
        let conf = Resolver::default().conf();
        assert!(!conf.servers.is_empty());
        let given: SocketAddr = "127.0.0.1:5353".parse().unwrap();
        let servers: Vec<_> =
            Resolver::of(vec![given]).conf().servers.iter().map(|server| server.addr).collect();
        assert_eq!(servers, [given]);
    }
}
