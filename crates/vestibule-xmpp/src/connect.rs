//! From a host to a connection.

use std::{io, sync::Arc};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use vestibule_core::Host;

use crate::{
    limits::Limits,
    names::Names,
    route::{Encryption, Place, Route},
    trouble::Trouble,
};

/// The protocol's name in ALPN (XEP-0368 section 4).
const ALPN: &[u8] = b"xmpp-client";

/// Any connection, encrypted or not.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// A connection to the XMPP server of `host`, without a word said but what direct TLS needs.
pub(crate) async fn connect(
    route: &Route,
    host: &Host,
    names: &Names,
    limits: &Limits,
) -> Result<Box<dyn Duplex>, Trouble> {
    let places = match &route.address {
        Some(place) => vec![place.clone()],
        None => names.places(&ascii(host)?, route.encryption, limits.look_up).await?,
    };
    let mut last = Trouble::NoAddress(host.to_string());
    for place in &places {
        match reach(place, route, limits).await {
            Ok(socket) if route.encryption == Encryption::Direct => {
                let config = route.trust.config(Some(ALPN)).map_err(Trouble::Tls)?;
                return encrypt(Box::new(socket), config, host, limits).await;
            }
            Ok(socket) => return Ok(Box::new(socket)),
            Err(trouble) => last = trouble,
        }
    }
    Err(last)
}

/// TLS over a connection. Whatever DNS said, the certificate must be for the XMPP domain (RFC 6120 section 13.7.2).
pub(crate) async fn encrypt(
    socket: Box<dyn Duplex>,
    config: Arc<ClientConfig>,
    host: &Host,
    limits: &Limits,
) -> Result<Box<dyn Duplex>, Trouble> {
    let name =
        ServerName::try_from(ascii(host)?).map_err(|_| Trouble::Tls(format!("{host} is no name for TLS")))?;
    let handshake = TlsConnector::from(config).connect(name, socket);
    match timeout(limits.answer, handshake).await {
        Ok(Ok(encrypted)) => Ok(Box::new(encrypted)),
        Ok(Err(error)) => Err(Trouble::tls(&error)),
        Err(_) => Err(Trouble::Silent),
    }
}

/// The first address of a place that takes a connection.
async fn reach(place: &Place, route: &Route, limits: &Limits) -> Result<TcpStream, Trouble> {
    let look_up = lookup_host((place.name.as_str(), place.port));
    let Ok(Ok(addresses)) = timeout(limits.connect, look_up).await else {
        return Err(Trouble::NoAddress(place.name.clone()));
    };
    let mut last = Trouble::NoAddress(place.name.clone());
    for address in addresses {
        // A name can mean another machine tomorrow.
        if !route.may_reach(address.ip()) {
            return Err(Trouble::NotLoopback(place.to_string()));
        }
        let connected = timeout(limits.connect, TcpStream::connect(address)).await;
        match connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(socket) => {
                // Stanzas are small, and each waits for its answer.
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Err(error) => last = Trouble::NoConnection(format!("{place}: {}", error.kind())),
        }
    }
    Err(last)
}

/// The domain as DNS and certificates write it.
fn ascii(host: &Host) -> Result<String, Trouble> {
    idna::domain_to_ascii(host.as_str()).map_err(|_| Trouble::NoAddress(host.to_string()))
}
