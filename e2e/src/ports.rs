//! Loopback ports for daemons that must be told theirs.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::HarnessError;

/// A TCP port on 127.0.0.1 that nobody listens on at this moment.
///
/// Another process may take it before the caller does: good enough for Prosody, which cannot be asked
/// to choose its own; Vestibule is started on port 0 instead.
///
/// # Errors
/// When the operating system has no port to give.
pub fn free_port() -> Result<u16, HarnessError> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(HarnessError::io("asking for a free port"))?;
    let addr = listener.local_addr().map_err(HarnessError::io("reading the free port"))?;
    Ok(addr.port())
}

/// Returns `true` as soon as something accepts connections at `addr`, `false` once `limit` has passed
/// or `give_up` says that nothing will come any more.
#[allow(
    clippy::disallowed_methods,
    reason = "a foreign daemon has no ready line; each pause only spaces out attempts to connect"
)]
pub fn wait_for_port(addr: SocketAddr, limit: Duration, mut give_up: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    while started.elapsed() < limit {
        if TcpStream::connect_timeout(&addr, Duration::from_secs(1)).is_ok() {
            return true;
        }
        if give_up() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}
