//! A piece of work in the queue of the lanes.

use std::time::Instant;

use tokio::sync::oneshot;
use tokio_postgres::Row;
use vestibule_core::{Action, Invite, Timestamp};

use super::{
    asker::Asker,
    fault::Fault,
    mint::Wanted,
    op::{self, Op, Param},
};

/// Where an outcome goes. `None`: nothing was taken.
pub(super) type Caller<R> = oneshot::Sender<Result<Option<R>, Fault>>;

/// A piece of work.
pub(super) enum Work {
    /// The minting of one invite; many of them become one statement.
    Mint(Box<Mint>),
    /// A statement of its own.
    Single(Box<dyn Statement>),
}

/// The minting of one invite.
pub(super) struct Mint {
    pub(super) wanted: Wanted,
    pub(super) asker: Asker,
    /// What came of it. An error is for this invite alone.
    pub(super) outcome: Result<Option<Invite>, Fault>,
    queued_at: Instant,
    caller: Caller<Invite>,
}

impl Mint {
    pub(super) fn new(wanted: Wanted, asker: Asker, caller: Caller<Invite>) -> Self {
        Self { wanted, asker, outcome: Ok(None), queued_at: Instant::now(), caller }
    }
}

/// A statement of its own, whatever it ends in.
pub(super) trait Statement: Send + Sync {
    fn asker(&self) -> &Asker;
    fn queued_at(&self) -> Instant;
    fn sql(&self) -> &'static str;
    fn params(&self, now: Timestamp) -> Vec<Param>;
    /// Keeps what came of it.
    fn keep(&mut self, rows: &[Row], now: Timestamp);
    /// What it has done.
    fn happened(&self) -> Vec<Action>;
    /// Hands the outcome to the caller; a fault of the whole batch takes its place.
    fn deliver(self: Box<Self>, fault: Option<&Fault>);
}

/// An operation, and who waits for it.
pub(super) struct Single<O: Op> {
    op: O,
    asker: Asker,
    outcome: Result<Option<O::Answer>, Fault>,
    queued_at: Instant,
    caller: Caller<O::Answer>,
}

impl<O: Op> Single<O> {
    pub(super) fn new(op: O, asker: Asker, caller: Caller<O::Answer>) -> Self {
        Self { op, asker, outcome: Ok(None), queued_at: Instant::now(), caller }
    }
}

impl<O: Op> Statement for Single<O> {
    fn asker(&self) -> &Asker {
        &self.asker
    }

    fn queued_at(&self) -> Instant {
        self.queued_at
    }

    fn sql(&self) -> &'static str {
        O::SQL
    }

    fn params(&self, now: Timestamp) -> Vec<Param> {
        op::params(&self.op, self.asker.proof(), self.asker.grant.source.as_str(), now)
    }

    fn keep(&mut self, rows: &[Row], now: Timestamp) {
        self.outcome = self.op.read(rows, now);
    }

    fn happened(&self) -> Vec<Action> {
        match &self.outcome {
            Ok(Some(answer)) => self.op.happened(answer),
            _ => Vec::new(),
        }
    }

    fn deliver(self: Box<Self>, fault: Option<&Fault>) {
        deliver(self.caller, self.outcome, fault);
    }
}

impl Work {
    pub(super) fn asker(&self) -> &Asker {
        match self {
            Self::Mint(mint) => &mint.asker,
            Self::Single(single) => single.asker(),
        }
    }

    pub(super) fn queued_at(&self) -> Instant {
        match self {
            Self::Mint(mint) => mint.queued_at,
            Self::Single(single) => single.queued_at(),
        }
    }

    /// What it has done.
    pub(super) fn happened(&self) -> Vec<Action> {
        match self {
            Self::Mint(mint) if matches!(mint.outcome, Ok(Some(_))) => vec![Action::InviteCreated],
            Self::Mint(_) => Vec::new(),
            Self::Single(single) => single.happened(),
        }
    }

    /// Hands the outcome to the caller; a fault of the whole batch takes its place.
    pub(super) fn deliver(self, fault: Option<&Fault>) {
        match self {
            Self::Mint(mint) => deliver(mint.caller, mint.outcome, fault),
            Self::Single(single) => single.deliver(fault),
        }
    }
}

fn deliver<R>(caller: Caller<R>, outcome: Result<Option<R>, Fault>, fault: Option<&Fault>) {
    let outcome = match fault {
        None => outcome,
        // It was rolled back because of one of them; which one shows when each is tried alone.
        Some(Fault::Statement(_)) => Ok(None),
        Some(fault) => Err(fault.clone()),
    };
    // A caller that has gone away does not want it any more.
    let _ = caller.send(outcome);
}
