//! Items of batches.

use std::time::Instant;

use tokio::sync::oneshot;
use tokio_postgres::Row;
use vestibule_core::{Action, Timestamp};

use super::rounds::{RoundStatement, rounds};
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        statements::{
            batch_statement::{self, BatchStatement},
            claims::ClaimRequest,
            complete::CompleteRequest,
            create::CreateRequest,
            release::ReleaseRequest,
        },
        transactions::engine::EngineContext,
    },
};

/// The channel for an outcome; `None` if the statement skipped the item.
type Reply<R> = oneshot::Sender<Result<Option<R>, EngineError>>;

/// An item, and the channel for its outcome.
pub(in crate::postgres) struct Item<O: BatchStatement> {
    statement: O,
    caller: Caller,
    /// An error concerns only this item.
    outcome: Result<Option<O::Answer>, EngineError>,
    queued_at: Instant,
    reply: Reply<O::Answer>,
}

impl<O: BatchStatement> Item<O> {
    pub(super) fn new(statement: O, caller: Caller, reply: Reply<O::Answer>) -> Self {
        Self { statement, caller, outcome: Ok(None), queued_at: Instant::now(), reply }
    }
}

/// An item of any kind.
pub(in crate::postgres) enum AnyItem {
    Create(Box<Item<CreateRequest>>),
    Claim(Box<Item<ClaimRequest>>),
    Complete(Box<Item<CompleteRequest>>),
    Release(Box<Item<ReleaseRequest>>),
}

/// A kind of item.
pub(in crate::postgres) trait ItemKind: BatchStatement {
    /// Wraps an item.
    fn wrap(item: Box<Item<Self>>) -> AnyItem;
}

impl ItemKind for CreateRequest {
    fn wrap(item: Box<Item<Self>>) -> AnyItem {
        AnyItem::Create(item)
    }
}

impl ItemKind for ClaimRequest {
    fn wrap(item: Box<Item<Self>>) -> AnyItem {
        AnyItem::Claim(item)
    }
}

impl ItemKind for CompleteRequest {
    fn wrap(item: Box<Item<Self>>) -> AnyItem {
        AnyItem::Complete(item)
    }
}

impl ItemKind for ReleaseRequest {
    fn wrap(item: Box<Item<Self>>) -> AnyItem {
        AnyItem::Release(item)
    }
}

/// The items of one kind in a batch.
pub(super) trait ItemGroup: Send {
    /// The statements for these items, in order.
    fn plan(&mut self, engine: &EngineContext, now: Timestamp) -> Vec<RoundStatement>;
    /// Keeps the rows that a statement for the items `item_indexes` returned.
    fn absorb_rows(
        &mut self,
        item_indexes: &[usize],
        rows: &[Row],
        now: Timestamp,
    ) -> Result<(), EngineError>;
    /// The actions to report to the observer.
    fn actions(&self) -> Vec<Action>;
    /// Sends the outcomes to the callers; an error of the whole batch replaces them.
    fn deliver(&mut self, fault: Option<&EngineError>);
}

impl AnyItem {
    /// When the item was queued.
    pub(super) fn queued_at(&self) -> Instant {
        match self {
            Self::Create(item) => item.queued_at,
            Self::Claim(item) => item.queued_at,
            Self::Complete(item) => item.queued_at,
            Self::Release(item) => item.queued_at,
        }
    }

    /// Sends an error to the caller.
    pub(super) fn refuse(self, fault: &EngineError) {
        Batch::of(vec![self]).deliver(Some(fault));
    }
}

impl<O: BatchStatement> ItemGroup for Vec<Item<O>> {
    fn plan(&mut self, engine: &EngineContext, now: Timestamp) -> Vec<RoundStatement> {
        let mut resolved = Vec::with_capacity(self.len());
        for (index, item) in self.iter_mut().enumerate() {
            match item.statement.resolve(engine, &item.caller, now) {
                Ok(()) => resolved.push(index),
                // The error concerns only this caller.
                Err(fault) => item.outcome = Err(fault),
            }
        }
        let rounds = rounds(resolved.into_iter().map(|index| (index, self[index].statement.conflict_keys())));
        let part = |item_indexes: Vec<usize>| {
            let items: Vec<_> =
                item_indexes.iter().map(|index| (&self[*index].caller, &self[*index].statement)).collect();
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
            let index = *index.ok_or_else(|| EngineError::Corrupt(format!("there is no item {number}")))?;
            self[index].outcome = self[index].statement.read(row, now).map(Some);
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
            // The caller may have been cancelled.
            let _ = item.reply.send(outcome);
        }
    }
}

/// The items of a batch by kind. They are concurrent, so their order does not matter.
#[derive(Default)]
pub(super) struct Batch {
    creates: Vec<Item<CreateRequest>>,
    claims: Vec<Item<ClaimRequest>>,
    completions: Vec<Item<CompleteRequest>>,
    releases: Vec<Item<ReleaseRequest>>,
    /// When the oldest item was queued.
    pub(super) queued_at: Option<Instant>,
    pub(super) count: usize,
}

impl Batch {
    pub(super) fn of(batch: Vec<AnyItem>) -> Self {
        let mut all = Self { count: batch.len(), ..Self::default() };
        for work in batch {
            let queued_at = match work {
                AnyItem::Create(item) => push_item(&mut all.creates, *item),
                AnyItem::Claim(item) => push_item(&mut all.claims, *item),
                AnyItem::Complete(item) => push_item(&mut all.completions, *item),
                AnyItem::Release(item) => push_item(&mut all.releases, *item),
            };
            all.queued_at.get_or_insert(queued_at);
        }
        all
    }

    /// Sends the outcomes to the callers; an error of the whole batch replaces them.
    pub(super) fn deliver(&mut self, fault: Option<&EngineError>) {
        self.groups().into_iter().for_each(|group| group.deliver(fault));
    }

    /// Splits off the second half; `None` if there is only one item.
    pub(super) fn split(&mut self) -> Option<Self> {
        if self.count < 2 {
            return None;
        }
        let absorb_rows = self.count / 2;
        let mut left = absorb_rows;
        let half = Self {
            creates: split_off(&mut self.creates, &mut left),
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
        [&mut self.creates, &mut self.claims, &mut self.completions, &mut self.releases]
    }
}

fn push_item<O: BatchStatement>(items: &mut Vec<Item<O>>, item: Item<O>) -> Instant {
    let queued_at = item.queued_at;
    items.push(item);
    queued_at
}

/// Keeps at most `left` items, and subtracts them from it.
fn split_off<O: BatchStatement>(items: &mut Vec<Item<O>>, left: &mut usize) -> Vec<Item<O>> {
    let stay = items.len().min(*left);
    *left -= stay;
    items.split_off(stay)
}
