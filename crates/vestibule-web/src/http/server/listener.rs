//! The listening socket.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
};

use tokio::{
    net::{TcpListener, TcpSocket, lookup_host},
    time::{Duration, sleep},
};

/// The length of the accept queue. The kernel caps it (`net.core.somaxconn`, 4096 on Linux since 5.4).
const BACKLOG: u32 = 65_535;

/// The pause after a failed accept, as when file descriptors run out.
const PAUSE: Duration = Duration::from_millis(200);

/// Listens on the first available address of `address`: `NAME:PORT` or `ADDR:PORT`.
pub async fn listen(address: &str) -> io::Result<TcpListener> {
    let mut last = io::Error::new(ErrorKind::InvalidInput, "the name has no address");
    for address in lookup_host(address).await? {
        match listen_on(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn listen_on(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Lets a restart reuse the port while old connections are in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts the next connection, and retries after transient errors.
pub(super) async fn accept(listener: &TcpListener) -> (tokio::net::TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if concerns_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept connections");
                sleep(PAUSE).await;
            }
        }
    }
}

fn concerns_one_connection(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
