//! Loopback ports for daemons that must be told theirs.

use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::HarnessError;

/// A TCP port on 127.0.0.1 that nobody listens on. For Prosody, which cannot be asked to choose its own; Vestibule is
/// started on port 0 instead.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16, HarnessError> {
    private_postgres::free_port().map_err(HarnessError::io("asking for a free port"))
}

/// Returns `true` as soon as something accepts connections at `addr`, `false` once `limit` has passed
/// or `give_up` says that nothing will come any more.
pub fn wait_for_port(addr: SocketAddr, limit: Duration, give_up: impl FnMut() -> bool) -> bool {
    wait_for(limit, give_up, || TcpStream::connect_timeout(&addr, Duration::from_secs(1)).is_ok())
}

/// The same for a Unix socket.
pub(crate) fn wait_for_socket(path: &Path, limit: Duration, give_up: impl FnMut() -> bool) -> bool {
    wait_for(limit, give_up, || UnixStream::connect(path).is_ok())
}

#[allow(
    clippy::disallowed_methods,
    reason = "a foreign daemon has no ready line; each pause only spaces out attempts to connect"
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
