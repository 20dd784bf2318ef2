//! What clients may take of the server.

use std::time::Duration;

/// What clients may take of the server. Times are looked at about once a second, so a limit is exceeded by
/// up to that much.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections.
    pub connections: usize,
    /// Open connections of one client address, which for IPv6 is a /64. Trusted proxies are exempt.
    pub connections_per_address: usize,
    /// Bytes of a request's line and headers.
    pub head_bytes: usize,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// How long a connection may be open between two requests.
    pub idle_time: Duration,
    /// How long a request's line and headers may take.
    pub head_time: Duration,
    /// How long a request's body may take; each `min_rate` bytes that arrive add a second.
    pub body_time: Duration,
    /// How long a request may take from its first byte until its answer begins.
    pub request_time: Duration,
    /// How often a client that is sent an answer must have taken `min_rate` bytes for each second.
    pub answer_time: Duration,
    /// The least bytes per second at which a client must send a body and take an answer.
    pub min_rate: u64,
    /// How long requests in flight may take after the signal to stop.
    pub stop_time: Duration,
}

impl Limits {
    /// The share of one client address where nobody says otherwise: an eighth of all connections, but
    /// enough for a few browsers.
    pub fn default_share(connections: usize) -> usize {
        (connections / 8).max(16).min(connections)
    }

    /// How often connections are looked at, and how old one must be to give way to another.
    pub(super) fn tick(&self) -> Duration {
        let shortest = [self.idle_time, self.head_time, self.body_time, self.request_time, self.answer_time]
            .into_iter()
            .min();
        (shortest.unwrap_or_default() / 10).clamp(Duration::from_millis(20), Duration::from_secs(1))
    }

    /// How long after the signal to stop a client may still send the rest of its request.
    pub(super) fn stop_grace(&self) -> Duration {
        self.stop_time.min(Duration::from_secs(1))
    }

    /// The time in which a client should have transferred so many bytes.
    pub(super) fn time_for(&self, bytes: u64) -> Duration {
        Duration::from_secs(bytes / self.min_rate.max(1))
    }

    /// Who takes fewer bytes of an answer between two looks takes it slowly, and gives way to others. Lines of
    /// people's devices are faster by far.
    pub(super) fn bytes_per_tick(&self) -> u64 {
        self.min_rate.saturating_mul(4)
    }

    /// The bytes that a client must take within `answer_time`.
    pub(super) fn bytes_per_window(&self) -> u64 {
        self.min_rate.saturating_mul(self.answer_time.as_secs()).max(1)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_address: Self::default_share(4096),
            head_bytes: 16 * 1024,
            body_bytes: 256 * 1024,
            idle_time: Duration::from_secs(15),
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            request_time: Duration::from_mins(1),
            answer_time: Duration::from_secs(30),
            min_rate: 1024,
            stop_time: Duration::from_secs(10),
        }
    }
}
