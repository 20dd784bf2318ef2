//! Limits of a registration.

use std::time::Duration;

/// Maximum number of bytes received on one connection. A registration needs two or three kilobytes.
pub(crate) const MAX_RECEIVED: usize = 64 << 10;

/// Timeouts of a registration.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Timeout of the SRV lookup.
    pub look_up: Duration,
    /// Timeout of the connection to one address, and of the address lookup of a name.
    pub connect: Duration,
    /// Timeout until the features of one server, if there are others to try.
    pub attempt: Duration,
    /// Timeout until the features, over all servers of a host.
    pub reach: Duration,
    /// Timeout of each answer of the server, and of the TLS handshake.
    pub answer: Duration,
    /// Total timeout, including the recovery of a lost answer.
    pub total: Duration,
}

impl Default for Limits {
    /// 20 seconds in total. Half of it remains if the answer to the registration is lost.
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
