//! Pieces of work in the queue of the lanes.

use std::time::Instant;

use tokio::sync::oneshot;
use tokio_postgres::Row;
use vestibule_core::{Action, Timestamp};

use super::{
    asker::Asker,
    batch::{Part, waves},
    claim::ClaimRequest,
    complete::Complete,
    fault::Fault,
    mint::Wanted,
    op::{self, Op},
    release::Release,
    shared::Shared,
};

/// Where an outcome goes. `None`: the statement left the piece alone.
type Caller<R> = oneshot::Sender<Result<Option<R>, Fault>>;

/// A piece of work, and who waits for it.
pub(super) struct Piece<O: Op> {
    op: O,
    asker: Asker,
    /// What came of it. An error is for this piece alone.
    outcome: Result<Option<O::Answer>, Fault>,
    queued_at: Instant,
    caller: Caller<O::Answer>,
}

impl<O: Op> Piece<O> {
    pub(super) fn new(op: O, asker: Asker, caller: Caller<O::Answer>) -> Self {
        Self { op, asker, outcome: Ok(None), queued_at: Instant::now(), caller }
    }
}

/// A piece of work of any kind.
pub(super) enum Work {
    Mint(Box<Piece<Wanted>>),
    Claim(Box<Piece<ClaimRequest>>),
    Complete(Box<Piece<Complete>>),
    Release(Box<Piece<Release>>),
}

/// The pieces of one kind in a batch.
pub(super) trait Group: Send {
    /// The statements that do them, in this order.
    fn plan(&mut self, shared: &Shared, now: Timestamp) -> Vec<Part>;
    /// Keeps what one of these statements, which was for the pieces `takers`, answered.
    fn keep(&mut self, takers: &[usize], rows: &[Row], now: Timestamp) -> Result<(), Fault>;
    /// What they have done.
    fn happened(&self) -> Vec<Action>;
    /// Hands the outcomes to the callers; a fault of the whole batch takes their place.
    fn deliver(&mut self, fault: Option<&Fault>);
}

impl<O: Op> Group for Vec<Piece<O>> {
    fn plan(&mut self, shared: &Shared, now: Timestamp) -> Vec<Part> {
        let mut settled = Vec::with_capacity(self.len());
        for (index, piece) in self.iter_mut().enumerate() {
            match piece.op.settle(shared, &piece.asker, now) {
                Ok(()) => settled.push(index),
                // Not in time, for example; that is for its asker alone.
                Err(refusal) => piece.outcome = Err(refusal.into()),
            }
        }
        let waves = waves(settled.into_iter().map(|index| (index, self[index].op.touches())));
        let part = |takers: Vec<usize>| {
            let pieces: Vec<_> = takers.iter().map(|index| (&self[*index].asker, &self[*index].op)).collect();
            Part { sql: O::SQL, params: op::params(&pieces, now), takers }
        };
        waves.into_iter().map(part).collect()
    }

    fn keep(&mut self, takers: &[usize], rows: &[Row], now: Timestamp) -> Result<(), Fault> {
        for row in rows {
            let number: i64 = row.try_get(0)?;
            let index = usize::try_from(number - 1).ok().and_then(|number| takers.get(number));
            let index = *index.ok_or_else(|| Fault::Corrupt(format!("there is no piece {number}")))?;
            self[index].outcome = self[index].op.read(row, now).map(Some);
        }
        Ok(())
    }

    fn happened(&self) -> Vec<Action> {
        let answers = self.iter().filter_map(|piece| piece.outcome.as_ref().ok()?.as_ref());
        answers.flat_map(O::happened).collect()
    }

    fn deliver(&mut self, fault: Option<&Fault>) {
        for piece in self.drain(..) {
            let outcome = match fault {
                None => piece.outcome,
                // It was rolled back because of one of them; which one shows when each is tried alone.
                Some(Fault::Statement(_)) => Ok(None),
                Some(fault) => Err(fault.clone()),
            };
            // A caller that has gone away does not want it any more.
            let _ = piece.caller.send(outcome);
        }
    }
}

/// The pieces of a batch, kind by kind. They came at the same time, so any order will do.
#[derive(Default)]
pub(super) struct Works {
    mints: Vec<Piece<Wanted>>,
    claims: Vec<Piece<ClaimRequest>>,
    completions: Vec<Piece<Complete>>,
    releases: Vec<Piece<Release>>,
    /// When the one that has waited longest came.
    pub(super) queued_at: Option<Instant>,
    pub(super) count: usize,
}

impl Works {
    pub(super) fn of(works: Vec<Work>) -> Self {
        let mut all = Self { count: works.len(), ..Self::default() };
        for work in works {
            let queued_at = match work {
                Work::Mint(piece) => enlist(&mut all.mints, *piece),
                Work::Claim(piece) => enlist(&mut all.claims, *piece),
                Work::Complete(piece) => enlist(&mut all.completions, *piece),
                Work::Release(piece) => enlist(&mut all.releases, *piece),
            };
            all.queued_at.get_or_insert(queued_at);
        }
        all
    }

    pub(super) fn groups(&mut self) -> [&mut dyn Group; 4] {
        [&mut self.mints, &mut self.claims, &mut self.completions, &mut self.releases]
    }
}

fn enlist<O: Op>(pieces: &mut Vec<Piece<O>>, piece: Piece<O>) -> Instant {
    let queued_at = piece.queued_at;
    pieces.push(piece);
    queued_at
}
