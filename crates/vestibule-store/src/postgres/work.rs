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

impl Work {
    /// When it was queued.
    pub(super) fn queued_at(&self) -> Instant {
        match self {
            Self::Mint(piece) => piece.queued_at,
            Self::Claim(piece) => piece.queued_at,
            Self::Complete(piece) => piece.queued_at,
            Self::Release(piece) => piece.queued_at,
        }
    }

    /// Hands a fault to its caller.
    pub(super) fn refuse(self, fault: &Fault) {
        Works::of(vec![self]).deliver(Some(fault));
    }
}

impl<O: Op> Group for Vec<Piece<O>> {
    fn plan(&mut self, shared: &Shared, now: Timestamp) -> Vec<Part> {
        let mut settled = Vec::with_capacity(self.len());
        for (index, piece) in self.iter_mut().enumerate() {
            match piece.op.settle(shared, &piece.asker, now) {
                Ok(()) => settled.push(index),
                // Not in time, for example; that is for its asker alone.
                Err(fault) => piece.outcome = Err(fault),
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

    /// Hands the outcomes to the callers; a fault of the whole batch takes their place.
    pub(super) fn deliver(&mut self, fault: Option<&Fault>) {
        self.groups().into_iter().for_each(|group| group.deliver(fault));
    }

    /// Splits off the second half; `None` where there is but one piece.
    pub(super) fn split(&mut self) -> Option<Self> {
        if self.count < 2 {
            return None;
        }
        let keep = self.count / 2;
        let mut left = keep;
        let half = Self {
            mints: split_off(&mut self.mints, &mut left),
            claims: split_off(&mut self.claims, &mut left),
            completions: split_off(&mut self.completions, &mut left),
            releases: split_off(&mut self.releases, &mut left),
            queued_at: self.queued_at,
            count: self.count - keep,
        };
        self.count = keep;
        Some(half)
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

/// Leaves as many as `left` says, and takes these from it.
fn split_off<O: Op>(pieces: &mut Vec<Piece<O>>, left: &mut usize) -> Vec<Piece<O>> {
    let stay = pieces.len().min(*left);
    *left -= stay;
    pieces.split_off(stay)
}
