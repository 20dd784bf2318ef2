//! The timeouts of a connection.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    activity::{Intervention, Phase, Snapshot},
    limits::Limits,
};

/// Time for the last response after an intervention; then the connection is closed.
const LINGER_TIME: Duration = Duration::from_secs(2);

/// Reason for an intervention: a label of the `http_rejections` metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RejectionReason {
    SlowHead,
    SlowBody,
    SlowRequest,
    SlowReader,
    /// The service stops, and the client was still sending.
    Stopping,
}

impl RejectionReason {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::SlowHead => "slow-head",
            Self::SlowBody => "slow-body",
            Self::SlowRequest => "slow-request",
            Self::SlowReader => "slow-reader",
            Self::Stopping => "stopping",
        }
    }
}

/// State of a connection between two timeout checks.
#[derive(Debug)]
pub(super) struct TimeoutTracker {
    last: Snapshot,
    /// Start of the current phase.
    phase_since: Instant,
    /// Bytes read before the current phase.
    read_before: u64,
    /// Time when the first byte of the request was seen.
    request_since: Option<Instant>,
    /// Start of the interval in which writing is measured, and the bytes written before it.
    window: (Instant, u64),
    /// Bytes written until the last check, and between the last two checks.
    pace: (u64, u64),
    /// Set after an intervention: the time when the connection is closed.
    close_at: Option<Instant>,
}

/// The result of a timeout check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeoutAction {
    pub(super) intervention: Intervention,
    /// The reason to count; `None` if the connection was merely idle.
    pub(super) reason: Option<RejectionReason>,
}

impl TimeoutTracker {
    pub(super) fn new(now: Instant, at: Snapshot) -> Self {
        Self {
            last: at,
            phase_since: now,
            read_before: at.read,
            request_since: None,
            window: (now, at.written),
            pace: (at.written, 0),
            close_at: None,
        }
    }

    /// The time that the connection has been waiting for its client; `None` if the client is waiting for its response,
    /// or reads it fast enough.
    pub(super) fn client_wait(&self, now: Instant, limits: &Limits) -> Option<ClientWait> {
        let duration = now.duration_since(self.phase_since);
        match self.last.phase {
            Phase::Idle if self.last.read == self.read_before => {
                Some(ClientWait { reason: WaitReason::Request, duration })
            }
            Phase::Idle | Phase::Body => {
                let duration = self.request_since.map_or(duration, |since| now.duration_since(since));
                Some(ClientWait { reason: WaitReason::RestOfRequest, duration })
            }
            Phase::Linger => Some(ClientWait { reason: WaitReason::Request, duration }),
            Phase::Response | Phase::Flush if self.pace.1 < limits.bytes_per_tick() => {
                Some(ClientWait { reason: WaitReason::SlowReader, duration })
            }
            Phase::Work | Phase::Response | Phase::Flush => None,
        }
    }

    /// Checks the timeouts. `stopping` is the time since the signal to stop.
    pub(super) fn check(
        &mut self,
        at: Snapshot,
        now: Instant,
        limits: &Limits,
        stopping: Option<Duration>,
    ) -> Option<TimeoutAction> {
        self.update(at, now);
        self.pace = (at.written, at.written.saturating_sub(self.pace.0));
        if let Some(close_at) = self.close_at {
            // If the body is complete after all, the request is processed.
            let until = if at.phase == Phase::Work { close_at + limits.request_timeout } else { close_at };
            return (now >= until)
                .then_some(TimeoutAction { intervention: Intervention::Close, reason: None });
        }
        let action = self.check_phase(now, limits).or_else(|| {
            let is_over = stopping.is_some_and(|since| since >= limits.shutdown_grace());
            is_over.then(|| self.check_shutdown(now, limits)).flatten()
        })?;
        self.close_at = Some(now + LINGER_TIME);
        Some(action)
    }

    /// Updates the state without a check.
    pub(super) fn update(&mut self, at: Snapshot, now: Instant) {
        let is_new_request = at.steps != self.last.steps;
        if is_new_request || at.phase != self.last.phase {
            self.phase_since = now;
            self.read_before = at.read;
            self.window = (now, at.written);
        }
        let is_reading_request = at.phase != Phase::Idle || at.read != self.read_before;
        // Its head was read while the connection was idle; the time for this counts.
        let head_was_counted = self.last.phase == Phase::Idle && at.steps == self.last.steps.wrapping_add(1);
        self.request_since = match self.request_since {
            Some(since) if is_reading_request && (!is_new_request || head_was_counted) => Some(since),
            _ => is_reading_request.then_some(now),
        };
        self.last = at;
    }

    fn check_phase(&mut self, now: Instant, limits: &Limits) -> Option<TimeoutAction> {
        let in_phase = now.duration_since(self.phase_since);
        let in_request = self.request_since.map_or(Duration::ZERO, |since| now.duration_since(since));
        let action = |intervention, reason| Some(TimeoutAction { intervention, reason: Some(reason) });
        match self.last.phase {
            Phase::Idle if self.request_since.is_some() => {
                (in_request >= limits.head_timeout).then_some(TimeoutAction {
                    intervention: Intervention::Close,
                    reason: Some(RejectionReason::SlowHead),
                })
            }
            Phase::Idle => {
                // A connection that never sent a request is worth less than a used one.
                let max = if self.last.steps == 0 { limits.head_timeout } else { limits.idle_timeout };
                (in_phase >= max).then_some(TimeoutAction { intervention: Intervention::Close, reason: None })
            }
            Phase::Body => {
                let received = self.last.read.saturating_sub(self.read_before);
                let max = limits.body_timeout + limits.time_for(received);
                if in_phase >= max || in_request >= limits.request_timeout {
                    return action(Intervention::BodyTimeout, RejectionReason::SlowBody);
                }
                None
            }
            Phase::Work if in_request >= limits.request_timeout => {
                action(Intervention::RequestTimeout, RejectionReason::SlowRequest)
            }
            Phase::Work => None,
            Phase::Linger => (in_phase >= LINGER_TIME)
                .then_some(TimeoutAction { intervention: Intervention::Close, reason: None }),
            Phase::Response | Phase::Flush => {
                let (since, written_before) = self.window;
                if now.duration_since(since) < limits.answer_timeout {
                    return None;
                }
                if self.last.written.saturating_sub(written_before) < limits.bytes_per_window() {
                    return action(Intervention::Close, RejectionReason::SlowReader);
                }
                self.window = (now, self.last.written);
                None
            }
        }
    }

    /// Clients with an incomplete request do not delay the shutdown, nor do those that do not read their response.
    fn check_shutdown(&self, now: Instant, limits: &Limits) -> Option<TimeoutAction> {
        match self.last.phase {
            Phase::Idle => Some(TimeoutAction {
                intervention: Intervention::Close,
                reason: self.request_since.is_some().then_some(RejectionReason::Stopping),
            }),
            Phase::Linger => Some(TimeoutAction { intervention: Intervention::Close, reason: None }),
            Phase::Body => Some(TimeoutAction {
                intervention: Intervention::Stopping,
                reason: Some(RejectionReason::Stopping),
            }),
            Phase::Response | Phase::Flush
                if self.pace.1 < limits.bytes_per_tick()
                    && now.duration_since(self.phase_since) >= 2 * limits.shutdown_grace() =>
            {
                Some(TimeoutAction {
                    intervention: Intervention::Close,
                    reason: Some(RejectionReason::SlowReader),
                })
            }
            Phase::Work | Phase::Response | Phase::Flush => None,
        }
    }
}

/// A connection's wait for its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientWait {
    pub(super) reason: WaitReason,
    pub(super) duration: Duration,
}

/// Reason why a connection waits for its client, in order of eviction: the cheapest to lose comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WaitReason {
    /// No byte of a request has arrived.
    Request,
    /// A request is incomplete.
    RestOfRequest,
    /// The client reads the response slowly.
    SlowReader,
}

#[cfg(test)]
#[path = "timeout_tracker_tests.rs"]
mod tests;
