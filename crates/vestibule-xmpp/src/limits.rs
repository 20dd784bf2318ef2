//! Limits of a registration.

use std::time::Duration;

/// The most that is received on one connection, in bytes. A registration needs two or three kilobytes.
pub(crate) const MAX_RECEIVED: usize = 64 << 10;

/// Timeouts of a registration.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// SRV lookup.
    pub look_up: Duration,
    /// Connection to one address, and address lookup of a name.
    pub connect: Duration,
    /// Until the features of one server, if there are others to try.
    pub attempt: Duration,
    /// Until the features, over all servers of a host.
    pub reach: Duration,
    /// Each answer of the server, and the TLS handshake.
    pub answer: Duration,
    /// Everything together, including the recovery of a lost answer.
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
