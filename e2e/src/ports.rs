//! Loopback ports for daemons that cannot choose their own.

use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::HarnessError;

/// Returns an unused TCP port of 127.0.0.1 for a daemon such as Prosody; Vestibule is started on port 0 instead.
///
/// # Errors
/// If there is no free port.
pub fn free_port() -> Result<u16, HarnessError> {
    private_postgres::free_port().map_err(HarnessError::io("choosing a free port"))
}

/// Returns `true` once `addr` accepts connections, or `false` after `limit` or once `give_up` returns `true`.
pub fn wait_for_port(addr: SocketAddr, limit: Duration, give_up: impl FnMut() -> bool) -> bool {
    wait_for(limit, give_up, || TcpStream::connect_timeout(&addr, Duration::from_secs(1)).is_ok())
}

/// Like [`wait_for_port`], for a Unix socket.
pub(crate) fn wait_for_socket(path: &Path, limit: Duration, give_up: impl FnMut() -> bool) -> bool {
    wait_for(limit, give_up, || UnixStream::connect(path).is_ok())
}

#[allow(
    clippy::disallowed_methods,
    reason = "the daemon prints no ready line; each pause only separates attempts to connect"
)]
fn wait_for(limit: Duration, mut give_up: impl FnMut() -> bool, mut connects: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    while started.elapsed() < limit {
        if connects() {
            return true;
        }
        if give_up() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}
