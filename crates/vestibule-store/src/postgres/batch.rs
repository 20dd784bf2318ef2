//! Doing a batch in one transaction, sent in one go.

use std::{
    collections::HashMap,
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

use super::{
    batch_statement::{ConflictKey, Param},
    engine_context::EngineContext,
    engine_error::EngineError,
    item::Batch,
    pool::{NOT_ANSWERING, PooledConnection, Purpose, STATEMENT_TIMEOUT},
    transaction,
};

/// A statement that is to be sent.
pub(super) struct RoundStatement {
    pub(super) sql: &'static str,
    pub(super) params: Vec<Param>,
    /// Which pieces of their group it is for, in the order of their numbers.
    pub(super) item_indexes: Vec<usize>,
}

/// Spreads pieces over as few statements as it takes for no two of one statement to touch the same.
pub(super) fn rounds(items: impl Iterator<Item = (usize, Vec<ConflictKey>)>) -> Vec<Vec<usize>> {
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    // The first wave in which a thing is free again.
    let mut free: HashMap<ConflictKey, usize> = HashMap::new();
    for (index, conflict_keys) in items {
        let round = conflict_keys.iter().filter_map(|touched| free.get(touched)).copied().max().unwrap_or(0);
        if rounds.len() == round {
            rounds.push(Vec::new());
        }
        rounds[round].push(index);
        free.extend(conflict_keys.into_iter().map(|touched| (touched, round + 1)));
    }
    rounds
}

/// Does the work of one host, and keeps with each piece what came of it. Where this fails, nothing was done; but
/// after a [`EngineError::Unknown`] that is not certain. `false`: nothing was done because this node's moment was not the
/// database's; it is now.
pub(super) async fn together(
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
            let statement = engine.pool.answer(connection.prepare_cached(part.sql)).await;
            let statement = statement.inspect_err(|_| connection.set_idle(false))?;
            statements.push((statement, part.params));
            item_indexes.push((number, part.item_indexes));
        }
    }
    let begin = transaction::begin(engine, &[host], Some(now));
    connection.set_idle(false);
    let Ok(sent) = timeout(STATEMENT_TIMEOUT, send(&connection, &begin, statements)).await else {
        drop(connection);
        engine.pool.check_health().await;
        return Err(EngineError::Unknown(NOT_ANSWERING.to_owned()));
    };
    // Whatever the server has answered in full, to the commit as well, it is at rest after.
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
    transaction::notify_observer(engine, actions.map(|action| (host, action, 1)).collect());
    Ok(true)
}

/// What came of what was sent.
struct Sent {
    /// The commit was answered, by a rollback after an error.
    complete: bool,
    /// Whether the moment was the database's, and the rows of each statement.
    outcome: Result<(bool, Vec<Vec<Row>>), EngineError>,
}

/// Sends the begin, all statements and the commit without waiting in between, then waits for the answers.
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
    let mut commit = Box::pin(maybe_done(connection.batch_execute("COMMIT")));
    start(commit.as_mut()).await;
    let started = finish(begin).await.map_err(EngineError::before_commit);
    let mut rows = Ok(Vec::with_capacity(answers.len()));
    for answer in answers {
        // After one that failed, the server makes a rollback of the commit, and rejects the rest.
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
        (Ok(answer), Ok(rows), Ok(())) => transaction::begun(&answer).map(|begun| (begun.in_time, rows)),
    };
    Sent { complete, outcome }
}

/// Polls once, which sends what there is to send.
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

/// Tells the observer about a commit.
pub(super) fn report(engine: &EngineContext, batch: &Batch, begun: Instant, done: bool) {
    if let (true, Some(queued_at)) = (done, batch.queued_at) {
        engine.options.observer.committed(Commit {
            work: batch.count,
            waited: begun.saturating_duration_since(queued_at),
            took: begun.elapsed(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_statement_touches_a_thing_twice_and_none_overtakes(
            items in prop::collection::vec(prop::collection::btree_set(0_u8..6, 0..3), 0..40),
        ) {
            let conflict_keys = |index: usize| items[index].iter().map(|thing| vec![*thing]).collect();
            let rounds = rounds((0..items.len()).map(|index| (index, conflict_keys(index))));
            let mut seen: Vec<usize> = rounds.concat();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..items.len()).collect::<Vec<_>>());
            let wave_of = |index: usize| rounds.iter().position(|round| round.contains(&index)).unwrap();
            for later in 0..items.len() {
                for earlier in 0..later {
                    if !items[earlier].is_disjoint(&items[later]) {
                        prop_assert!(wave_of(earlier) < wave_of(later));
                    }
                }
            }
            // As few as there can be: each piece waits for one in the wave before.
            for (before, round) in rounds.iter().zip(rounds.iter().skip(1)) {
                for item in round {
                    prop_assert!(before.iter().any(|other| !items[*other].is_disjoint(&items[*item])));
                }
            }
            prop_assert!(rounds.iter().all(|round| !round.is_empty()));
        }
    }
}
