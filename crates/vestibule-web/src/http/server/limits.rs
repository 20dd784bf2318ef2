//! Limits of the server.

use std::time::Duration;

/// Limits of the server. Timeouts are checked about once a second, so they can be exceeded by up to that much.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum number of open connections.
    pub connections: usize,
    /// Maximum number of open connections of one client address (IPv6: one /64). Trusted proxies are exempt.
    pub connections_per_address: usize,
    /// Maximum size of a request line and headers, in bytes.
    pub head_bytes: usize,
    /// Maximum size of a request body, in bytes.
    pub body_bytes: usize,
    /// Maximum time between two requests on a connection.
    pub idle_timeout: Duration,
    /// Maximum time for a request line and headers.
    pub head_timeout: Duration,
    /// Maximum time for a request body. Every `min_bytes_per_second` bytes received extend it by a second.
    pub body_timeout: Duration,
    /// Maximum time from the first byte of a request until its response begins.
    pub request_timeout: Duration,
    /// Interval in which a client must read a response at an average of `min_bytes_per_second`.
    pub answer_timeout: Duration,
    /// Minimum rate at which a client must send a body and read a response.
    pub min_bytes_per_second: u64,
    /// Maximum time for requests in flight after the signal to stop.
    pub shutdown_timeout: Duration,
}

impl Limits {
    /// The default share of one client address: an eighth of all connections, but enough for a few browsers.
    pub fn default_share(connections: usize) -> usize {
        (connections / 8).max(16).min(connections)
    }

    /// Interval between timeout checks, and minimum age of a connection before it can be evicted.
    pub(super) fn tick(&self) -> Duration {
        let shortest = [
            self.idle_timeout,
            self.head_timeout,
            self.body_timeout,
            self.request_timeout,
            self.answer_timeout,
        ]
        .into_iter()
        .min();
        (shortest.unwrap_or_default() / 10).clamp(Duration::from_millis(20), Duration::from_secs(1))
    }

    /// Time after the signal to stop in which a client can still send the rest of its request.
    pub(super) fn shutdown_grace(&self) -> Duration {
        self.shutdown_timeout.min(Duration::from_secs(1))
    }

    /// The time for transferring this number of bytes at the minimum rate.
    pub(super) fn time_for(&self, bytes: u64) -> Duration {
        Duration::from_secs(bytes / self.min_bytes_per_second.max(1))
    }

    /// A client that reads fewer bytes of a response between two checks counts as a slow reader, which can be evicted.
    /// Any real network connection is much faster.
    pub(super) fn bytes_per_tick(&self) -> u64 {
        self.min_bytes_per_second.saturating_mul(4)
    }

    /// The bytes that a client must read within `answer_timeout`.
    pub(super) fn bytes_per_window(&self) -> u64 {
        self.min_bytes_per_second.saturating_mul(self.answer_timeout.as_secs()).max(1)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_address: Self::default_share(4096),
            head_bytes: 16 * 1024,
            body_bytes: 256 * 1024,
            idle_timeout: Duration::from_secs(15),
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_mins(1),
            answer_timeout: Duration::from_secs(30),
            min_bytes_per_second: 1024,
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}
