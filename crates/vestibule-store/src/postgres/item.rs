//! Pieces of work in the queue of the lanes.

use std::time::Instant;

use tokio::sync::oneshot;
use tokio_postgres::Row;
use vestibule_core::{Action, Timestamp};

use super::{
    batch::{RoundStatement, rounds},
    batch_statement::{self, BatchStatement},
    caller::Caller,
    claim::ClaimRequest,
    complete::CompleteRequest,
    create::CreateRequest,
    engine_context::EngineContext,
    engine_error::EngineError,
    release::ReleaseRequest,
};

/// Where an outcome goes. `None`: the statement left the piece alone.
type Reply<R> = oneshot::Sender<Result<Option<R>, EngineError>>;

/// A piece of work, and who waits for it.
pub(super) struct Item<O: BatchStatement> {
    op: O,
    caller: Caller,
    /// What came of it. An error is for this piece alone.
    outcome: Result<Option<O::Answer>, EngineError>,
    queued_at: Instant,
    reply: Reply<O::Answer>,
}

impl<O: BatchStatement> Item<O> {
    pub(super) fn new(op: O, caller: Caller, reply: Reply<O::Answer>) -> Self {
        Self { op, caller, outcome: Ok(None), queued_at: Instant::now(), reply }
    }
}

/// A piece of work of any kind.
pub(super) enum AnyItem {
    Mint(Box<Item<CreateRequest>>),
    Claim(Box<Item<ClaimRequest>>),
    CompleteRequest(Box<Item<CompleteRequest>>),
    ReleaseRequest(Box<Item<ReleaseRequest>>),
}

/// The pieces of one kind in a batch.
pub(super) trait ItemGroup: Send {
    /// The statements that do them, in this order.
    fn plan(&mut self, engine: &EngineContext, now: Timestamp) -> Vec<RoundStatement>;
    /// Keeps what one of these statements, which was for the pieces `item_indexes`, answered.
    fn absorb_rows(
        &mut self,
        item_indexes: &[usize],
        rows: &[Row],
        now: Timestamp,
    ) -> Result<(), EngineError>;
    /// What they have done.
    fn actions(&self) -> Vec<Action>;
    /// Hands the outcomes to the callers; a fault of the whole batch takes their place.
    fn deliver(&mut self, fault: Option<&EngineError>);
}

impl AnyItem {
    /// When it was queued.
    pub(super) fn queued_at(&self) -> Instant {
        match self {
            Self::Mint(item) => item.queued_at,
            Self::Claim(item) => item.queued_at,
            Self::CompleteRequest(item) => item.queued_at,
            Self::ReleaseRequest(item) => item.queued_at,
        }
    }

    /// Hands a fault to its caller.
    pub(super) fn refuse(self, fault: &EngineError) {
        Batch::of(vec![self]).deliver(Some(fault));
    }
}

impl<O: BatchStatement> ItemGroup for Vec<Item<O>> {
    fn plan(&mut self, engine: &EngineContext, now: Timestamp) -> Vec<RoundStatement> {
        let mut settled = Vec::with_capacity(self.len());
        for (index, item) in self.iter_mut().enumerate() {
            match item.op.resolve(engine, &item.caller, now) {
                Ok(()) => settled.push(index),
                // Not in time, for example; that is for its asker alone.
                Err(fault) => item.outcome = Err(fault),
            }
        }
        let rounds = rounds(settled.into_iter().map(|index| (index, self[index].op.conflict_keys())));
        let part = |item_indexes: Vec<usize>| {
            let items: Vec<_> =
                item_indexes.iter().map(|index| (&self[*index].caller, &self[*index].op)).collect();
            RoundStatement { sql: O::SQL, params: batch_statement::params(&items, now), item_indexes }
        };
        rounds.into_iter().map(part).collect()
    }

    fn absorb_rows(
        &mut self,
        item_indexes: &[usize],
        rows: &[Row],
        now: Timestamp,
    ) -> Result<(), EngineError> {
        for row in rows {
            let number: i64 = row.try_get(0)?;
            let index = usize::try_from(number - 1).ok().and_then(|number| item_indexes.get(number));
            let index = *index.ok_or_else(|| EngineError::Corrupt(format!("there is no piece {number}")))?;
            self[index].outcome = self[index].op.read(row, now).map(Some);
        }
        Ok(())
    }

    fn actions(&self) -> Vec<Action> {
        let answers = self.iter().filter_map(|item| item.outcome.as_ref().ok()?.as_ref());
        answers.flat_map(O::actions).collect()
    }

    fn deliver(&mut self, fault: Option<&EngineError>) {
        for item in self.drain(..) {
            let outcome = match fault {
                None => item.outcome,
                Some(fault) => Err(fault.clone()),
            };
            // A caller that has gone away does not want it any more.
            let _ = item.reply.send(outcome);
        }
    }
}

/// The pieces of a batch, kind by kind. They came at the same time, so any order will do.
#[derive(Default)]
pub(super) struct Batch {
    mints: Vec<Item<CreateRequest>>,
    claims: Vec<Item<ClaimRequest>>,
    completions: Vec<Item<CompleteRequest>>,
    releases: Vec<Item<ReleaseRequest>>,
    /// When the one that has waited longest came.
    pub(super) queued_at: Option<Instant>,
    pub(super) count: usize,
}

impl Batch {
    pub(super) fn of(batch: Vec<AnyItem>) -> Self {
        let mut all = Self { count: batch.len(), ..Self::default() };
        for work in batch {
            let queued_at = match work {
                AnyItem::Mint(item) => push_item(&mut all.mints, *item),
                AnyItem::Claim(item) => push_item(&mut all.claims, *item),
                AnyItem::CompleteRequest(item) => push_item(&mut all.completions, *item),
                AnyItem::ReleaseRequest(item) => push_item(&mut all.releases, *item),
            };
            all.queued_at.get_or_insert(queued_at);
        }
        all
    }

    /// Hands the outcomes to the callers; a fault of the whole batch takes their place.
    pub(super) fn deliver(&mut self, fault: Option<&EngineError>) {
        self.groups().into_iter().for_each(|group| group.deliver(fault));
    }

    /// Splits off the second half; `None` where there is but one piece.
    pub(super) fn split(&mut self) -> Option<Self> {
        if self.count < 2 {
            return None;
        }
        let absorb_rows = self.count / 2;
        let mut left = absorb_rows;
        let half = Self {
            mints: split_off(&mut self.mints, &mut left),
            claims: split_off(&mut self.claims, &mut left),
            completions: split_off(&mut self.completions, &mut left),
            releases: split_off(&mut self.releases, &mut left),
            queued_at: self.queued_at,
            count: self.count - absorb_rows,
        };
        self.count = absorb_rows;
        Some(half)
    }

    pub(super) fn groups(&mut self) -> [&mut dyn ItemGroup; 4] {
        [&mut self.mints, &mut self.claims, &mut self.completions, &mut self.releases]
    }
}

fn push_item<O: BatchStatement>(items: &mut Vec<Item<O>>, item: Item<O>) -> Instant {
    let queued_at = item.queued_at;
    items.push(item);
    queued_at
}

/// Leaves as many as `left` says, and takes these from it.
fn split_off<O: BatchStatement>(items: &mut Vec<Item<O>>, left: &mut usize) -> Vec<Item<O>> {
    let stay = items.len().min(*left);
    *left -= stay;
    items.split_off(stay)
}
