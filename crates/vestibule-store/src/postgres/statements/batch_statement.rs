//! Statements that process many items at once.
//!
//! A batch statement has every condition in it: it processes an item in full or skips it, and returns the numbers of the
//! items that it processed. Items without a common conflict key share a statement, and all statements of a batch share a
//! transaction. For a skipped item the rules are asked for the reason, without the lock of the host; if they allow it by
//! then, it is tried again alone under the lock.

use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Action, Timestamp};

use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{engine::EngineContext, transaction::Transaction},
    },
    sql::Sql,
};

/// A parameter of a statement.
pub(in crate::postgres) type Param = Box<dyn ToSql + Sync + Send>;

/// What an item changes or counts, by its id or name.
pub(in crate::postgres) type ConflictKey = Vec<u8>;

/// A statement over items of one host; the implementing type is an item.
pub(in crate::postgres) trait BatchStatement: Sized + Send + Sync + 'static {
    /// The result of an item.
    type Answer: Send + Sync + 'static;

    /// The statement. Its first three parameters are the ids and the secrets of the callers' keys, if they have one,
    /// and the number of the host. It returns a row for each processed item, which begins with the item's number,
    /// from 1.
    const SQL: Sql;

    /// Computes what depends on the time. An error fails this item alone.
    fn resolve(&mut self, _: &EngineContext, _: &Caller, _: Timestamp) -> Result<(), EngineError> {
        Ok(())
    }

    /// Two items with a common conflict key must not share a statement, because a statement does not see its own
    /// writes.
    fn conflict_keys(&self) -> Vec<ConflictKey>;

    /// The other parameters, at `now`.
    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param>;

    /// Reads the row of this item.
    fn read(&mut self, row: &Row, now: Timestamp) -> Result<Self::Answer, EngineError>;

    /// The actions to report to the observer.
    fn actions(answer: &Self::Answer) -> Vec<Action>;
}

/// A parameter with a value for each row.
pub(in crate::postgres) fn column<R, T>(rows: &[R], value: impl Fn(&R) -> T) -> Param
where
    T: ToSql + Send + Sync + 'static,
{
    Box::new(rows.iter().map(value).collect::<Vec<T>>())
}

/// All parameters of resolved items of one host.
pub(in crate::postgres) fn params<S: BatchStatement>(items: &[(&Caller, &S)], now: Timestamp) -> Vec<Param> {
    let host = items.first().map_or(0, |(caller, _)| caller.host_number);
    let id = |caller: &Caller| Some(caller.key.as_ref()?.record.id.as_str().to_owned());
    let secret = |caller: &Caller| Some(caller.key.as_ref()?.record.secret.as_bytes().to_vec());
    let mut params: Vec<Param> = vec![
        column(items, |(caller, _)| id(caller)),
        column(items, |(caller, _)| secret(caller)),
        Box::new(host),
    ];
    params.extend(S::params(items, now));
    params
}

/// Executes a statement in an open transaction; returns a row for each processed item.
pub(in crate::postgres) async fn execute<S: BatchStatement>(
    tx: &Transaction,
    items: &[(&Caller, &S)],
) -> Result<Vec<Row>, EngineError> {
    let params = params(items, tx.now);
    let params: Vec<_> = params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect();
    tx.query(S::SQL, &params).await
}

/// Executes a statement for one item in an open transaction.
pub(in crate::postgres) async fn execute_alone<S: BatchStatement>(
    tx: &Transaction,
    caller: &Caller,
    item: &mut S,
) -> Result<Option<S::Answer>, EngineError> {
    item.resolve(&tx.engine, caller, tx.now)?;
    let rows = execute(tx, &[(caller, &*item)]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let answer = item.read(row, tx.now)?;
    for action in S::actions(&answer) {
        tx.count_action(caller.host_number, action);
    }
    Ok(Some(answer))
}
