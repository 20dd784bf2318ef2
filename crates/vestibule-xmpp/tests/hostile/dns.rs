//! A name server for tests.

use std::net::SocketAddr;

use domain::{
    base::{Message, MessageBuilder, Name, Rtype, Ttl, iana::Rcode},
    rdata::{A, Srv},
};
use tokio::{net::UdpSocket, task::JoinHandle};

/// Priority, weight, port and target of an SRV record.
pub(crate) type Record = (u16, u16, u16, &'static str);

/// A name server on loopback. It stops when dropped.
pub(crate) struct Dns {
    pub(crate) address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Dns {
    /// A name server with these records of one name.
    pub(crate) async fn with(name: &'static str, records: Vec<Record>) -> Self {
        Self::of(vec![(name, records)], vec![]).await
    }

    /// A name server with these services and addresses.
    pub(crate) async fn of(
        services: Vec<(&'static str, Vec<Record>)>,
        hosts: Vec<(&'static str, Vec<[u8; 4]>)>,
    ) -> Self {
        Self::answering(move |question| {
            let mut builder = MessageBuilder::new_vec().start_answer(question, Rcode::NOERROR).unwrap();
            let until_register = question.first_question().unwrap();
            let name = until_register.qname().to_string();
            let service = services.iter().find(|(known, _)| *known == name);
            let host = hosts.iter().find(|(known, _)| *known == name);
            match (until_register.qtype(), service, host) {
                (Rtype::SRV, Some((_, records)), _) => {
                    for (priority, weight, port, target) in records {
                        let target: Name<Vec<u8>> = target.parse().unwrap();
                        let record = Srv::new(*priority, *weight, *port, target);
                        builder.push((until_register.qname(), Ttl::from_secs(60), record)).unwrap();
                    }
                }
                (Rtype::A, _, Some((_, addresses))) => {
                    for address in addresses {
                        let record = A::new((*address).into());
                        builder.push((until_register.qname(), Ttl::from_secs(60), record)).unwrap();
                    }
                }
                (_, _, Some(_)) => {}
                _ => builder.header_mut().set_rcode(Rcode::NXDOMAIN),
            }
            builder.finish()
        })
        .await
    }

    async fn answering(answer: impl Fn(&Message<[u8]>) -> Vec<u8> + Send + 'static) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let serving = tokio::spawn(async move {
            let mut bytes = [0; 2048];
            loop {
                let (length, from) = socket.recv_from(&mut bytes).await.unwrap();
                let Ok(question) = Message::from_slice(&bytes[..length]) else { continue };
                socket.send_to(&answer(question), from).await.unwrap();
            }
        });
        Self { address, serving }
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
