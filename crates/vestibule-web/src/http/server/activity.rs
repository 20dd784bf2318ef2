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
    /// Receiving the body of a request.
    Body,
    /// The request is complete; its response is being made.
    Work,
    /// Writing a response.
    Response,
    /// The rest of the response waits in the buffer for the client to read it.
    Flush,
    /// The last response has been sent; the client has a moment to close the connection.
    Linger,
}

/// An intervention of the supervisor in a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intervention {
    /// The connection continues.
    None,
    /// The body arrives too slowly: respond with 408.
    BodyTimeout,
    /// The request takes too long: respond with 503.
    RequestTimeout,
    /// The service stops before the body is complete: respond with 503.
    Stopping,
    /// Close the connection without a response.
    Close,
}

/// The activity of a connection. The connection writes it, the supervisor reads it.
#[derive(Debug)]
pub(super) struct Activity {
    phase: AtomicU8,
    /// Counts each request twice: when it begins, and when its response has been sent.
    steps: AtomicU32,
    /// Bytes read from the socket.
    read: AtomicU64,
    /// Bytes written to the socket.
    written: AtomicU64,
    intervention: AtomicU8,
    /// Whether the reader of the body got a timeout error.
    body_failed: AtomicBool,
    /// Wakes the task that polls the connection.
    task: AtomicWaker,
}

/// The activity of a connection at one moment.
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
            intervention: AtomicU8::new(Intervention::None as u8),
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
            3 => Phase::Response,
            4 => Phase::Flush,
            5 => Phase::Linger,
            _ => Phase::Idle,
        }
    }

    /// Records a received head. `is_complete` means that the request has no body.
    pub(super) fn begin_request(&self, is_complete: bool) {
        self.step();
        self.phase.store(if is_complete { Phase::Work } else { Phase::Body } as u8, Relaxed);
    }

    /// Records that the body is complete or no longer needed.
    pub(super) fn end_body(&self) {
        self.advance(Phase::Body, Phase::Work);
    }

    /// Records that the reader of the body gets a timeout error.
    pub(super) fn fail_body(&self) {
        self.body_failed.store(true, Relaxed);
    }

    pub(super) fn has_body_failed(&self) -> bool {
        self.body_failed.load(Relaxed)
    }

    /// Records that the response is ready to be written.
    pub(super) fn begin_response(&self) {
        self.phase.store(Phase::Response as u8, Relaxed);
    }

    /// Records that hyper has taken the whole response body.
    pub(super) fn end_response(&self) {
        self.advance(Phase::Response, Phase::Flush);
    }

    /// Records that no written bytes are buffered.
    pub(super) fn flushed(&self) {
        if self.phase() == Phase::Flush {
            self.step();
            self.phase.store(Phase::Idle as u8, Relaxed);
        }
    }

    /// Records that nothing more will be sent.
    pub(super) fn begin_linger(&self) {
        self.phase.store(Phase::Linger as u8, Relaxed);
    }

    pub(super) fn add_read(&self, bytes: usize) {
        add(&self.read, bytes);
    }

    pub(super) fn add_written(&self, bytes: usize) {
        add(&self.written, bytes);
    }

    pub(super) fn intervention(&self) -> Intervention {
        match self.intervention.load(Relaxed) {
            1 => Intervention::BodyTimeout,
            2 => Intervention::RequestTimeout,
            3 => Intervention::Stopping,
            4 => Intervention::Close,
            _ => Intervention::None,
        }
    }

    /// Makes the connection act on an intervention.
    pub(super) fn intervene(&self, intervention: Intervention) {
        self.intervention.store(intervention as u8, Relaxed);
        self.task.wake();
    }

    /// Registers the task that polls the connection, to be woken by [`Activity::intervene`].
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

/// Only the task of the connection writes, so a load and a store suffice, and are cheaper than an atomic addition.
fn add(counter: &AtomicU64, bytes: usize) {
    counter.store(counter.load(Relaxed).wrapping_add(bytes as u64), Relaxed);
}
