//! TCP and TLS connections.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use vestibule_core::Host;

use crate::stream_error::StreamError;

/// The protocol's name in ALPN (XEP-0368 section 4).
pub(crate) const ALPN: &[u8] = b"xmpp-client";

/// Any connection, encrypted or not.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Transport for T {}

/// Opens a TCP connection within `patience`.
pub(crate) async fn connect(address: SocketAddr, patience: Duration) -> Result<TcpStream, StreamError> {
    let connected = timeout(patience, TcpStream::connect(address)).await;
    match connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
        Ok(socket) => {
            // Stanzas are small, and each waits for its answer.
            let _ = socket.set_nodelay(true);
            Ok(socket)
        }
        Err(error) => Err(StreamError::NoConnection(format!("{address}: {}", error.kind()))),
    }
}

/// Starts TLS on a connection within `patience`. The certificate must be for the XMPP domain, whatever DNS says (RFC
/// 6120 section 13.7.2).
pub(crate) async fn encrypt(
    socket: Box<dyn Transport>,
    config: Arc<ClientConfig>,
    host: &Host,
    patience: Duration,
) -> Result<Box<dyn Transport>, StreamError> {
    let name = ServerName::try_from(ascii(host)?)
        .map_err(|_| StreamError::Tls(format!("{host} is not a valid name for TLS")))?;
    let handshake = TlsConnector::from(config).connect(name, socket);
    match timeout(patience, handshake).await {
        Ok(Ok(encrypted)) => Ok(Box::new(encrypted)),
        Ok(Err(error)) => Err(StreamError::tls(&error)),
        Err(_) => Err(StreamError::Silent),
    }
}

/// The domain in ASCII form, as in DNS and certificates.
pub(crate) fn ascii(host: &Host) -> Result<String, StreamError> {
    idna::domain_to_ascii(host.as_str()).map_err(|_| StreamError::NoAddress(host.to_string()))
}
