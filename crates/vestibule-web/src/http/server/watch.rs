//! The rules by which a connection is found too slow.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    activity::{Phase, Snapshot, Verdict},
    limits::Limits,
};

/// How long a connection may take to send its last answer after a verdict, before it is closed.
const LAST_WORD: Duration = Duration::from_secs(2);

/// Why a connection was cut off, or not accepted. The names are labels of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    SlowHead,
    SlowBody,
    SlowRequest,
    SlowReader,
    /// The service stops, and the client was still sending.
    Stopping,
}

impl Reason {
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

/// What the supervisor remembers of a connection between two looks.
#[derive(Debug)]
pub(super) struct TimeoutTracker {
    last: Snapshot,
    /// Since when the connection has been in the phase that it is in.
    phase_since: Instant,
    /// Bytes read when the phase began.
    read_then: u64,
    /// When the first byte of the request was seen.
    request_since: Option<Instant>,
    /// Since when progress of writing is measured, and the bytes written until then.
    window: (Instant, u64),
    /// The bytes written at the last look, and between the last two.
    pace: (u64, u64),
    /// When it is closed, whatever it does: a verdict has been given.
    close_at: Option<Instant>,
}

/// What a look has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeoutAction {
    pub(super) verdict: Verdict,
    /// What to count; nothing where a connection was merely idle.
    pub(super) reason: Option<Reason>,
}

impl TimeoutTracker {
    pub(super) fn new(now: Instant, at: Snapshot) -> Self {
        Self {
            last: at,
            phase_since: now,
            read_then: at.read,
            request_since: None,
            window: (now, at.written),
            pace: (at.written, 0),
            close_at: None,
        }
    }

    /// How long the connection has been waiting for its client; `None` where the client waits for us, or takes an
    /// answer as fast as people's devices do.
    pub(super) fn waits_for_client(&self, now: Instant, limits: &Limits) -> Option<ClientWait> {
        let since = now.duration_since(self.phase_since);
        match self.last.phase {
            Phase::Idle if self.last.read == self.read_then => {
                Some(ClientWait { what: WaitReason::Request, since })
            }
            Phase::Idle | Phase::Body => {
                let since = self.request_since.map_or(since, |begun| now.duration_since(begun));
                Some(ClientWait { what: WaitReason::Rest, since })
            }
            Phase::Linger => Some(ClientWait { what: WaitReason::Request, since }),
            Phase::Answer | Phase::Flush if self.pace.1 < limits.bytes_per_tick() => {
                Some(ClientWait { what: WaitReason::Visitor, since })
            }
            Phase::Work | Phase::Answer | Phase::Flush => None,
        }
    }

    /// Looks at the connection. `stopping` is how long ago the service was told to stop.
    pub(super) fn look(
        &mut self,
        at: Snapshot,
        now: Instant,
        limits: &Limits,
        stopping: Option<Duration>,
    ) -> Option<TimeoutAction> {
        self.note(at, now);
        self.pace = (at.written, at.written.saturating_sub(self.pace.0));
        if let Some(close_at) = self.close_at {
            // A body that came whole just after all is worked on to its end.
            let until = if at.phase == Phase::Work { close_at + limits.request_time } else { close_at };
            return (now >= until).then_some(TimeoutAction { verdict: Verdict::Close, reason: None });
        }
        let finding = self.judge(now, limits).or_else(|| {
            stopping.filter(|since| *since >= limits.stop_grace()).and_then(|_| self.judge_at_stop())
        })?;
        self.close_at = Some(now + LAST_WORD);
        Some(finding)
    }

    /// Brings up to date what is remembered.
    pub(super) fn note(&mut self, at: Snapshot, now: Instant) {
        let is_new_request = at.steps != self.last.steps;
        if is_new_request || at.phase != self.last.phase {
            self.phase_since = now;
            self.read_then = at.read;
            self.window = (now, at.written);
        }
        let has_begun = at.phase != Phase::Idle || at.read != self.read_then;
        // The head of a request that is under way came while the connection was idle: its time counts.
        let was_head = self.last.phase == Phase::Idle && at.steps == self.last.steps.wrapping_add(1);
        self.request_since = match self.request_since {
            Some(since) if has_begun && (!is_new_request || was_head) => Some(since),
            _ => has_begun.then_some(now),
        };
        self.last = at;
    }

    fn judge(&mut self, now: Instant, limits: &Limits) -> Option<TimeoutAction> {
        let in_phase = now.duration_since(self.phase_since);
        let in_request = self.request_since.map_or(Duration::ZERO, |since| now.duration_since(since));
        let found = |verdict, reason| Some(TimeoutAction { verdict, reason: Some(reason) });
        match self.last.phase {
            Phase::Idle if self.request_since.is_some() => (in_request >= limits.head_time)
                .then_some(TimeoutAction { verdict: Verdict::Close, reason: Some(Reason::SlowHead) }),
            Phase::Idle => {
                // A connection on which nothing ever came is worth less than one that was of use.
                let most = if self.last.steps == 0 { limits.head_time } else { limits.idle_time };
                (in_phase >= most).then_some(TimeoutAction { verdict: Verdict::Close, reason: None })
            }
            Phase::Body => {
                let received = self.last.read.saturating_sub(self.read_then);
                let most = limits.body_time + limits.time_for(received);
                if in_phase >= most || in_request >= limits.request_time {
                    return found(Verdict::BodyTooSlow, Reason::SlowBody);
                }
                None
            }
            Phase::Work if in_request >= limits.request_time => {
                found(Verdict::RequestTooSlow, Reason::SlowRequest)
            }
            Phase::Work => None,
            Phase::Linger => {
                (in_phase >= LAST_WORD).then_some(TimeoutAction { verdict: Verdict::Close, reason: None })
            }
            Phase::Answer | Phase::Flush => {
                let (since, written_then) = self.window;
                if now.duration_since(since) < limits.answer_time {
                    return None;
                }
                if self.last.written.saturating_sub(written_then) < limits.bytes_per_window() {
                    return found(Verdict::Close, Reason::SlowReader);
                }
                self.window = (now, self.last.written);
                None
            }
        }
    }

    /// Who has not sent a whole request does not hold up the end of the service.
    fn judge_at_stop(&self) -> Option<TimeoutAction> {
        match self.last.phase {
            Phase::Idle => Some(TimeoutAction {
                verdict: Verdict::Close,
                reason: self.request_since.is_some().then_some(Reason::Stopping),
            }),
            Phase::Linger => Some(TimeoutAction { verdict: Verdict::Close, reason: None }),
            Phase::Body => Some(TimeoutAction { verdict: Verdict::Stopping, reason: Some(Reason::Stopping) }),
            Phase::Work | Phase::Answer | Phase::Flush => None,
        }
    }
}

/// How long a connection has been waiting for its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientWait {
    pub(super) what: WaitReason,
    pub(super) since: Duration,
}

/// What a connection waits for, in the order in which they give way: what costs least to lose comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WaitReason {
    /// A request, of which nothing has come.
    Request,
    /// The rest of a request.
    Rest,
    /// That its client takes the answer, of which it takes little.
    Visitor,
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
