//! What a registration may take.

use std::time::Duration;

/// The most that is received on one connection, in bytes. A registration needs two or three kilobytes.
pub(crate) const MAX_RECEIVED: usize = 64 << 10;

/// How long the parts of a registration may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// To look up the service in DNS.
    pub look_up: Duration,
    /// To connect to one address, and to look up the addresses of a name.
    pub connect: Duration,
    /// For one server to get as far as its features while there are others to try.
    pub attempt: Duration,
    /// For all servers of a host together to get as far as that.
    pub reach: Duration,
    /// For each answer of the server, the handshake of TLS among them.
    pub answer: Duration,
    /// For everything together: also to find out what became of a request that was not answered.
    pub total: Duration,
}

impl Default for Limits {
    /// 20 seconds all in all. Half of them is left where the answer to the decisive request does not come.
    fn default() -> Self {
        Self {
            look_up: Duration::from_secs(3),
            connect: Duration::from_secs(4),
            attempt: Duration::from_secs(4),
            reach: Duration::from_secs(12),
            answer: Duration::from_secs(8),
            total: Duration::from_secs(20),
        }
    }
}
