//! Runs a batch in one transaction, pipelined in one round trip.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::Instant,
};

use futures_util::{
    TryStreamExt,
    future::{MaybeDone, maybe_done},
};
use tokio::time::timeout;
use tokio_postgres::{Row, Statement};
use vestibule_core::Commit;

use super::item::Batch;
use crate::postgres::{
    connections::pool::{NOT_ANSWERING, PooledConnection, Purpose, STATEMENT_TIMEOUT},
    error::EngineError,
    statements::batch_statement::Param,
    transactions::{
        begin::{begin_statement, read_begin},
        engine::EngineContext,
        transaction::{COMMIT, notify_observer},
    },
};

/// Runs a batch of one host and stores the outcome in each item. After an error nothing was changed, except that this
/// is unknown after [`EngineError::Unknown`]. Returns `false` if nothing was changed because the clock of this node
/// differed from the database's; it is corrected now.
pub(super) async fn run_batch(
    engine: &EngineContext,
    host: i64,
    batch: &mut Batch,
) -> Result<bool, EngineError> {
    let mut connection = engine.pool.get(Purpose::Change).await?;
    let now = engine.now();
    let mut statements = Vec::new();
    let mut item_indexes = Vec::new();
    for (number, group) in batch.groups().into_iter().enumerate() {
        for part in group.plan(engine, now) {
            let statement = engine.pool.answer(connection.prepare_cached(part.sql.text())).await;
            let statement = statement.inspect_err(|_| connection.set_idle(false))?;
            statements.push((statement, part.params));
            item_indexes.push((number, part.item_indexes));
        }
    }
    let begin = begin_statement(engine, &[host], Some(now));
    connection.set_idle(false);
    let Ok(sent) = timeout(STATEMENT_TIMEOUT, send(&connection, &begin, statements)).await else {
        drop(connection);
        engine.pool.check_health().await;
        return Err(EngineError::Unknown(NOT_ANSWERING.to_owned()));
    };
    // After a complete answer, including that to the commit, the connection is idle.
    connection.set_idle(sent.complete && !connection.is_closed());
    let (in_time, answers) = sent.outcome?;
    if !in_time {
        let measured = engine.pool.answer(engine.clock.measure(&connection)).await;
        return measured.map(|()| false).inspect_err(|_| connection.set_idle(false));
    }
    drop(connection);
    for ((number, item_indexes), rows) in item_indexes.iter().zip(&answers) {
        batch.groups()[*number].absorb_rows(item_indexes, rows, now)?;
    }
    let actions = batch.groups().into_iter().flat_map(|group| group.actions());
    notify_observer(engine, actions.map(|action| (host, action, 1)).collect());
    Ok(true)
}

/// The answers of the server.
struct Sent {
    /// Whether the commit was answered, possibly by a rollback after an error.
    complete: bool,
    /// Whether the clocks agreed, and the rows of each statement.
    outcome: Result<(bool, Vec<Vec<Row>>), EngineError>,
}

/// Pipelines the begin, all statements and the commit, then waits for the answers.
async fn send(connection: &PooledConnection, begin: &str, statements: Vec<(Statement, Vec<Param>)>) -> Sent {
    let mut begin = Box::pin(maybe_done(connection.simple_query(begin)));
    start(begin.as_mut()).await;
    let mut answers = Vec::new();
    for (statement, params) in statements {
        let mut answer = Box::pin(maybe_done(async move {
            connection.query_raw(&statement, params).await?.try_collect::<Vec<Row>>().await
        }));
        start(answer.as_mut()).await;
        answers.push(answer);
    }
    let mut commit = Box::pin(maybe_done(connection.batch_execute(COMMIT.text())));
    start(commit.as_mut()).await;
    let started = finish(begin).await.map_err(EngineError::before_commit);
    let mut rows = Ok(Vec::with_capacity(answers.len()));
    for answer in answers {
        // After an error the server rejects the rest and rolls back at the commit.
        let answer = finish(answer).await.map_err(EngineError::before_commit);
        rows = match (rows, answer) {
            (Ok(mut rows), Ok(more)) => {
                rows.push(more);
                Ok(rows)
            }
            (Ok(_), Err(fault)) => Err(fault),
            (fault, _) => fault,
        };
    }
    let committed = finish(commit).await;
    let complete = committed.is_ok();
    let outcome = match (started, rows, committed) {
        (Err(fault), _, _) | (_, Err(fault), _) => Err(fault),
        (_, _, Err(error)) => Err(EngineError::of_commit(error)),
        (Ok(answer), Ok(rows), Ok(())) => read_begin(&answer).map(|begun| (begun.in_time, rows)),
    };
    Sent { complete, outcome }
}

/// Polls once, which sends the request.
async fn start<F: Future>(mut future: Pin<&mut MaybeDone<F>>) {
    poll_fn(|context| {
        let _ = future.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

#[expect(clippy::expect_used, reason = "what was awaited has an output, which is taken here alone")]
async fn finish<F: Future>(mut future: Pin<Box<MaybeDone<F>>>) -> F::Output {
    future.as_mut().await;
    future.as_mut().take_output().expect("a future that is done has an output")
}

/// Reports a commit to the observer.
pub(super) fn report(engine: &EngineContext, batch: &Batch, begun: Instant, done: bool) {
    if let (true, Some(queued_at)) = (done, batch.queued_at) {
        engine.options.observer.committed(Commit {
            work: batch.count,
            waited: begun.saturating_duration_since(queued_at),
            took: begun.elapsed(),
        });
    }
}
