//! The activity of a connection, from which timeouts are derived.
//!
//! A timer per request would cost each request. A connection records its activity in relaxed atomics instead, and a
//! supervisor checks all connections about once a second.

use std::{
    sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed},
    task::Waker,
};

use futures_util::task::AtomicWaker;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Waiting for a request, or for the rest of its head.
    Idle,
    /// A head has come, its body has not come whole.
    Body,
    /// A request has come whole, and the client is waiting for us.
    Work,
    /// An answer is being written.
    Answer,
    /// The last of the answer waits for the client to take it.
    Flush,
    /// All is said, and the client is given a moment to hang up.
    Linger,
}

/// What the supervisor has decided about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It goes on.
    None,
    /// The body came too slowly: answer 408.
    BodyTooSlow,
    /// The request took too long as a whole: answer 503.
    RequestTooSlow,
    /// The service stops before the body came: answer 503.
    Stopping,
    /// Close without an answer.
    Close,
}

/// What a connection is doing. The connection writes it, the supervisor reads it.
#[derive(Debug)]
pub(super) struct Activity {
    phase: AtomicU8,
    /// Counts each request twice: when it begins, and when its answer is out.
    steps: AtomicU32,
    /// Bytes that were read from the socket.
    read: AtomicU64,
    /// Bytes that the socket took.
    written: AtomicU64,
    verdict: AtomicU8,
    /// Whoever reads the body has been told that it does not come.
    body_failed: AtomicBool,
    /// Wakes the connection's task, which polls everything that belongs to the connection.
    task: AtomicWaker,
}

/// What a connection was doing at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub(super) phase: Phase,
    pub(super) steps: u32,
    pub(super) read: u64,
    pub(super) written: u64,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self {
            phase: AtomicU8::new(Phase::Idle as u8),
            steps: AtomicU32::new(0),
            read: AtomicU64::new(0),
            written: AtomicU64::new(0),
            verdict: AtomicU8::new(Verdict::None as u8),
            body_failed: AtomicBool::new(false),
            task: AtomicWaker::new(),
        }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot {
            phase: self.phase(),
            steps: self.steps.load(Relaxed),
            read: self.read.load(Relaxed),
            written: self.written.load(Relaxed),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) {
            1 => Phase::Body,
            2 => Phase::Work,
            3 => Phase::Answer,
            4 => Phase::Flush,
            5 => Phase::Linger,
            _ => Phase::Idle,
        }
    }

    /// A head has come; `whole` if there is no body to wait for.
    pub(super) fn begin_request(&self, whole: bool) {
        self.step();
        self.phase.store(if whole { Phase::Work } else { Phase::Body } as u8, Relaxed);
    }

    /// The body is there, or nobody wants it any more.
    pub(super) fn end_body(&self) {
        self.advance(Phase::Body, Phase::Work);
    }

    /// Whoever reads the body is told that it does not come.
    pub(super) fn fail_body(&self) {
        self.body_failed.store(true, Relaxed);
    }

    pub(super) fn has_body_failed(&self) -> bool {
        self.body_failed.load(Relaxed)
    }

    /// The answer is made.
    pub(super) fn begin_answer(&self) {
        self.phase.store(Phase::Answer as u8, Relaxed);
    }

    /// All of the answer has been handed over for writing.
    pub(super) fn end_answer(&self) {
        self.advance(Phase::Answer, Phase::Flush);
    }

    /// Nothing waits to be written.
    pub(super) fn flushed(&self) {
        if self.phase() == Phase::Flush {
            self.step();
            self.phase.store(Phase::Idle as u8, Relaxed);
        }
    }

    /// Nothing more is sent on this connection.
    pub(super) fn begin_linger(&self) {
        self.phase.store(Phase::Linger as u8, Relaxed);
    }

    pub(super) fn add_read(&self, bytes: usize) {
        add(&self.read, bytes);
    }

    pub(super) fn add_written(&self, bytes: usize) {
        add(&self.written, bytes);
    }

    pub(super) fn verdict(&self) -> Verdict {
        match self.verdict.load(Relaxed) {
            1 => Verdict::BodyTooSlow,
            2 => Verdict::RequestTooSlow,
            3 => Verdict::Stopping,
            4 => Verdict::Close,
            _ => Verdict::None,
        }
    }

    /// Tells the connection what was decided.
    pub(super) fn judge(&self, verdict: Verdict) {
        self.verdict.store(verdict as u8, Relaxed);
        self.task.wake();
    }

    /// Whom to wake when something is decided: the task that polls the connection.
    pub(super) fn register(&self, task: &Waker) {
        self.task.register(task);
    }

    fn advance(&self, from: Phase, to: Phase) {
        if self.phase() == from {
            self.phase.store(to as u8, Relaxed);
        }
    }

    fn step(&self) {
        self.steps.store(self.steps.load(Relaxed).wrapping_add(1), Relaxed);
    }
}

/// Only the connection's own task adds, so a load and a store are enough, and cheaper than a locked addition.
fn add(counter: &AtomicU64, bytes: usize) {
    counter.store(counter.load(Relaxed).wrapping_add(bytes as u64), Relaxed);
}
