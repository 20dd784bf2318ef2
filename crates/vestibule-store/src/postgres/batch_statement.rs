//! AnyItem of which one statement does many pieces.
//!
//! The statement has every condition in it: it does a piece in full or leaves it alone, and answers the numbers
//! of those that it did. So pieces that do not touch the same things share a statement, and statements that do
//! not need each other's answers share a transaction. Where a piece was left, the rules are asked why, over a
//! snapshot and without the host's lock; where they say yes by then, it is tried again alone under the lock.

use std::sync::Arc;

use tokio::sync::SemaphorePermit;
use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Action, Timestamp};

use super::{
    caller::Caller,
    engine_context::EngineContext,
    engine_error::EngineError,
    item::{AnyItem, Item},
    transaction::Transaction,
};

/// A statement's parameter.
pub(super) type Param = Box<dyn ToSql + Sync + Send>;

/// What a piece of work changes or counts, by its id or name.
pub(super) type ConflictKey = Vec<u8>;

/// AnyItem of which one statement does many pieces, all of one host.
pub(super) trait BatchStatement: Sized + Send + Sync + 'static {
    /// What a piece ends in.
    type Answer: Send + Sync + 'static;

    /// Puts a piece among work of all kinds.
    const WORK: fn(Box<Item<Self>>) -> AnyItem;

    /// The statement. Its first three parameters are the ids and the secrets of the keys that ask, where they
    /// are keys, and the number of the host. It answers a row for each piece that it did, which begins with the
    /// piece's number, from 1.
    const SQL: &'static str;

    /// Batch out what depends on the moment. A fault is for this piece alone.
    fn resolve(
        &mut self,
        _shared: &EngineContext,
        _asker: &Caller,
        _now: Timestamp,
    ) -> Result<(), EngineError> {
        Ok(())
    }

    /// What no other piece of the same statement may touch, as none sees what the others do.
    fn conflict_keys(&self) -> Vec<ConflictKey>;

    /// The other parameters, at `now`.
    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param>;

    /// Reads what the statement answered for this piece.
    fn read(&mut self, row: &Row, now: Timestamp) -> Result<Self::Answer, EngineError>;

    /// What it has done, for the observer.
    fn actions(answer: &Self::Answer) -> Vec<Action>;
}

/// One parameter with a value for each row.
pub(super) fn column<R, T>(rows: &[R], value: impl Fn(&R) -> T) -> Param
where
    T: ToSql + Send + Sync + 'static,
{
    Box::new(rows.iter().map(value).collect::<Vec<T>>())
}

/// All parameters of these pieces, which are settled and of one host.
pub(super) fn params<O: BatchStatement>(items: &[(&Caller, &O)], now: Timestamp) -> Vec<Param> {
    let host = items.first().map_or(0, |(caller, _)| caller.host_number);
    let mut params: Vec<Param> = vec![
        column(items, |(caller, _)| caller.key_id()),
        column(items, |(caller, _)| caller.key_secret()),
        Box::new(host),
    ];
    params.extend(O::params(items, now));
    params
}

/// Does pieces in a transaction of their own that is open already. Answers a row for each that was done.
pub(super) async fn run<O: BatchStatement>(
    tx: &Transaction,
    items: &[(&Caller, &O)],
) -> Result<Vec<Row>, EngineError> {
    let params = params(items, tx.now);
    let params: Vec<_> = params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect();
    tx.query(O::SQL, &params).await
}

/// Does one piece in a transaction of its own that is open already.
pub(super) async fn alone<O: BatchStatement>(
    tx: &Transaction,
    caller: &Caller,
    op: &mut O,
) -> Result<Option<O::Answer>, EngineError> {
    op.resolve(&tx.engine, caller, tx.now)?;
    let rows = run(tx, &[(caller, &*op)]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let answer = op.read(row, tx.now)?;
    for action in O::actions(&answer) {
        tx.action_counts(caller.host_number, action);
    }
    Ok(Some(answer))
}

/// Begins to read why a piece was left alone, the asker proved. Takes no lock of the host; few do so at a time.
/// The statements need not see the same moment: uses only grow, and where the rules say yes in the end, the piece is
/// tried again under the lock.
pub(super) async fn look<'a>(
    engine: &'a Arc<EngineContext>,
    caller: &Caller,
) -> Result<(SemaphorePermit<'a>, Transaction), EngineError> {
    let permit = engine.lock_queue.reason().await?;
    let tx = Transaction::statements(engine).await?;
    match caller.revalidate(&tx).await {
        Ok(()) => Ok((permit, tx)),
        Err(fault) => tx.end(Err(fault)).await,
    }
}

/// Begins a transaction of one host's own, the asker proved.
pub(super) async fn begin(engine: &Arc<EngineContext>, caller: &Caller) -> Result<Transaction, EngineError> {
    let tx = Transaction::write(engine, &[caller.host_number]).await?;
    match caller.revalidate(&tx).await {
        Ok(()) => Ok(tx),
        Err(fault) => tx.end(Err(fault)).await,
    }
}
